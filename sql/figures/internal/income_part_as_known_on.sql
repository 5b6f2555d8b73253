-- One row per part of a filing in force, by the filings received until a moment; prices and rates as of now.
create macro internal.income_part_as_known_on(known_on) as table
    select * from internal.income_part_at(known_on, internal.last_moment());
