-- How well a normalised title answers a normalised query: 0 best, null not at all. `patterns` has
-- one for each word of the query.
create function catalog.match_rank(title text, query text, patterns text[]) returns int
language sql immutable parallel safe
return case
    when title = query then 0
    when starts_with(title, query) then 1
    when strpos(title, ' ' || query) > 0 then 2
    when strpos(title, query) > 0 then 3
    when title like all (patterns) then 4
end;
