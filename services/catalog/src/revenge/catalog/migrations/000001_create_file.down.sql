drop table catalog.gone_library;
drop table catalog.gone_file;
drop table catalog.file;
