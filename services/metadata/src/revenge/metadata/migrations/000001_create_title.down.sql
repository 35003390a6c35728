drop table fact;
drop table title;
