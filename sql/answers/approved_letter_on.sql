-- One row per letter that is approved and not sent, on a day, by what the warehouse knows; with the pool's name.
create macro approved_letter_on(today) as table
    select
        approved.*,
        known_pool.pool_name
    from approved_letter_as_of(today, internal.last_moment()) as approved
    left join known_pool() as known_pool on approved.pool_id = known_pool.pool_id;
