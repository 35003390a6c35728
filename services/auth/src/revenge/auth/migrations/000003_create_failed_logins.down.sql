drop table failed_login;
