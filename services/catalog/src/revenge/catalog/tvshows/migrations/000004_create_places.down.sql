drop view tvshows.series_place;
drop view tvshows.season_place;
drop view tvshows.episode_place;
