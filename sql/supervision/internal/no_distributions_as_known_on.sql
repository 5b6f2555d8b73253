-- One row per pool and month of which the pool wrote that it distributed nothing, as known on a moment.
--
-- reported_on: local day of the first message that nothing is in doubt about; null where all are in doubt. Rows of the
-- month in the pool's other filings contradict it (contradiction 10).
create macro internal.no_distributions_as_known_on(known_on) as table
    select
        messages.pool_id,
        messages.period,
        min(messages.received_on) filter (where messages.doubt is null) as reported_on,
        coalesce(bool_or(shown_elsewhere.period is not null), false) as is_shown_elsewhere
    from no_distribution_message as messages
    left join internal.shown_elsewhere_as_known_on(known_on) as shown_elsewhere
        on messages.pool_id = shown_elsewhere.pool_id and messages.period = shown_elsewhere.period
    where messages.pool_id is not null and messages.period is not null and messages.received_at <= known_on::timestamptz
    group by messages.pool_id, messages.period;
