drop table movies.watch;
