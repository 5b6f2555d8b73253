-- One row per fault found in the latest examination; past the cap of a rule and sheet, one row for all the rest.
--
-- Its columns are those of the lake's table finding.
create table internal.examination_finding as
select
    registration_no,
    * exclude (registration_no, examination_no, pool_id, period),
    examination_no,
    pool_id,
    period
from lake_finding;
