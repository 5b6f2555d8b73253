-- Tenge from the sums of the four addends of figures/distribution_addend.sql, exact, rounded half up once.
--
-- Each sum is cut off at the 20th decimal of a tenge; what the cuts leave, counted in units of the 20th decimal, is
-- added up and rounded.
create macro income_of(coarse, fine, finest, unusual) as (
    coalesce(
        cut_off(coarse, coarse::decimal(38, 20), 0.00000000000000000001)
        + cut_off(fine, fine::decimal(38, 10), 0.0000000001) * 0.0000000001::decimal(10, 10)
        + cut_off(finest, finest::decimal(38, 4), 0.0001) * 0.0000000000000001::decimal(16, 16)
        + floor(
            0.5
            + (coarse - cut_off(coarse, coarse::decimal(38, 20), 0.00000000000000000001))::decimal(22, 22)
            * 100000000000000000000
            + (fine - cut_off(fine, fine::decimal(38, 10), 0.0000000001))::decimal(18, 18) * 10000000000
            + (finest - cut_off(finest, finest::decimal(38, 4), 0.0001))::decimal(18, 18) * 10000
        )::decimal(1, 0) * 0.00000000000000000001::decimal(20, 20),
        0
    )
    + coalesce(unusual, 0)
)::decimal(38, 20);
