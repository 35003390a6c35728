drop table tvshows.series_count;
drop view tvshows.series_place;
drop view tvshows.season_place;
drop view tvshows.episode_place;
