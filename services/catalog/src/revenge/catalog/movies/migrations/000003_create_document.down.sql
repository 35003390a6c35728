drop view movies.document;
