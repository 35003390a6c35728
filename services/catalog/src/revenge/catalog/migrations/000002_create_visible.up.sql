-- True if somebody who sees these libraries (null: all) sees a title that is in those. The planner
-- puts the expression in place of the call, and so finds the partial indexes.
create function catalog.visible(library_ids uuid[], seen uuid[]) returns boolean
language sql immutable parallel safe
return library_ids <> '{}' and (seen is null or library_ids && seen);
