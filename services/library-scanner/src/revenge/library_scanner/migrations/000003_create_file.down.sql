drop table folder;
drop table file;
