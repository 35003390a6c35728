drop function catalog.visible(uuid[], uuid[]);
