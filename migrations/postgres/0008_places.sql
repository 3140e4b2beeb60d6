-- A window of the map costs what stands in its band of latitude, not what the country holds: footprints by their edges, with the
-- height of the tallest, and villages by their centres, at which hidden houses are shown.

CREATE INDEX footprints_place ON footprints (south, north, west, east, project_id);
CREATE INDEX footprints_height ON footprints ((north - south));
CREATE INDEX region_versions_centre ON region_versions (centre_lat, centre_lon) WHERE valid_to IS NULL;
