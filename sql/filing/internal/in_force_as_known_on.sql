-- One row per pool and period: its latest accepted filing among those received by a moment.
create macro internal.in_force_as_known_on(known_on) as table
    select * from internal.in_force_at(known_on, internal.last_moment());
