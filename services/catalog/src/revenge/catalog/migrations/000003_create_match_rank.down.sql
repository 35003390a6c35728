drop function catalog.match_rank(text, text, text[]);
