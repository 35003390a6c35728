drop table folder;
drop table gone_file;
drop table file;
