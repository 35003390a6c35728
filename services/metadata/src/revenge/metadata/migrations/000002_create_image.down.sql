drop table image;
