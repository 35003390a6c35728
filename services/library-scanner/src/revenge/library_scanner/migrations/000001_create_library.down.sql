drop table library_permission;
drop table library;
