drop table scan;
