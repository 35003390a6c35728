drop table tvshows.episode_file;
drop table tvshows.episode;
drop table tvshows.season;
drop table tvshows.series_key;
drop table tvshows.series;
