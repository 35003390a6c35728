drop table tvshows.watch;
