-- One row per message of a pool that it distributed nothing in a month: voluntary, for no data are due then (para 5).
--
-- doubt says why a message closes nothing by itself: it is unsigned, signed by another, about a month not over yet,
-- or its month or BIN cannot be read.
create view no_distribution_message as
select
    data ->> '$.message_id' as message_id,
    pool_id,
    period,
    (data ->> '$.received_at')::timestamptz as received_at,
    ((data ->> '$.received_at')::timestamptz at time zone 'Asia/Almaty')::date as received_on,
    data ->> '$.signature' as signature,
    data ->> '$.signer_bin' as signer_bin,
    data ->> '$.doubt' as doubt,
    data ->> '$.source_name' as source_name
from event
where event = 'no_distributions_reported';
