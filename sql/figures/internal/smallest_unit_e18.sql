-- The smallest unit of an asset with so many decimals, in units of 10^-18; 1 where it is smaller.
create macro internal.smallest_unit_e18(decimals) as (
    ('1' || repeat('0', 18 - case when decimals > 18 then 18 else decimals end))::hugeint
);
