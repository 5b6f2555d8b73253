-- One row per question that only an officer can answer, as of a day, by what the warehouse knows; with the pool's name.
create macro question_on(today) as table
    select
        asked.*,
        known_pool.pool_name
    from question_as_of(today, internal.last_moment()) as asked
    left join known_pool() as known_pool on asked.pool_id = known_pool.pool_id;
