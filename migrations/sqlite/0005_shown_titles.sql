-- What is shown of the title of a grant house to who may not see where it is: without its owner and the number of the door.
-- NULL where it is the title itself, and until the program that comes with this migration has written it.

ALTER TABLE projects ADD COLUMN shown_title TEXT;
ALTER TABLE projects ADD COLUMN shown_title_key TEXT; -- folded: what a search by who may not see it finds
CREATE INDEX projects_untitled ON projects (id) WHERE sensitivity = 'hamlet' AND shown_title IS NULL;
