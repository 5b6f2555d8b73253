-- One row per identity that must hold between what came in, what is stored and what is reported.
--
-- Worked out anew after each load for the warehouse as a whole and for the years that changed. Sums of quantities run
-- across assets and serve as checksums only.
create table reconciliation (
    identity varchar not null,
    left_value decimal(38, 18) not null,
    right_value decimal(38, 18) not null,
    difference decimal(38, 18) not null,
    holds boolean not null,
    year integer
);
