-- A number from 0 to 2 with up to 24 decimals, rounded up to the smallest unit of an asset with so many decimals.
--
-- First up to the 18th decimal, the last one a quantity has, then up to a multiple of the smallest unit, counted in
-- units of 10^-18. Rounding up in two steps gives the same as in one.
create macro up_to_smallest_unit(number, decimals) as (
    with at_18_decimals as (
        select
            number::decimal(38, 18)
            + case when number::decimal(38, 18) < number then 1 else 0 end * 0.000000000000000001::decimal(18, 18)
                as rounded
    ),

    counted as (
        select
            (rounded * 1000000000000000000)::hugeint as units,
            ('1' || repeat('0', 18 - least(decimals, 18)))::hugeint as smallest_unit
        from at_18_decimals
    )

    select ((units + smallest_unit - 1) // smallest_unit * smallest_unit)::decimal(38, 0) * 0.000000000000000001
    from counted
);
