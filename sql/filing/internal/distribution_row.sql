-- One row per data row of Annex 2 in the latest examination of each filing, whatever its verdict.
--
-- Its columns are those of the lake's table distribution, but for the cells as written.
create table internal.distribution_row as
select
    0::bigint as filing_key,
    *
from lake_distribution;
