-- One row per publication by other code, filing, examination, month, role, taxpayer, asset and share of which the new
-- code gives another figure for the same knowledge: by how much (new less old).
--
-- Other code, rules of valuation or tables of the law may give another figure. What had been reported until then is
-- found by taking later revisions off what today's code gives. From lake/figure_revision/, written once when
-- the new code publishes for the first time.
create table internal.figure_revision (
    revision_no integer not null,
    moment timestamptz not null,
    code_version_before varchar not null,
    code_version_after varchar not null,
    registration_no varchar not null,
    filing_key bigint not null,
    examination_no integer not null,
    year integer,
    period date,
    role varchar not null,
    taxpayer_id varchar,
    asset varchar,
    share decimal(7, 6),
    is_undecided boolean,
    quantity_difference decimal(38, 18) not null,
    valued_difference decimal(38, 18) not null,
    unvalued_difference decimal(38, 18) not null,
    income_kzt_difference decimal(38, 12) not null
);
