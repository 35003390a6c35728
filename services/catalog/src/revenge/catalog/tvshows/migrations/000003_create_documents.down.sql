drop view tvshows.episode_document;
drop view tvshows.series_document;
