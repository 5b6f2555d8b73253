-- One row per moment at which a version of prices or exchange rates took the place of another, or of both.
--
-- Where both came at one moment, the price is taken to change first and the rate after it.
create view internal.version_moment as
select
    known_from as moment,
    arg_max(sha256, version_no) filter (where name = 'price') as price_sha256,
    arg_max(sha256, version_no) filter (where name = 'exchange_rate') as exchange_rate_sha256
from reference_history
where name in ('price', 'exchange_rate') and known_from > internal.first_moment()
group by known_from;
