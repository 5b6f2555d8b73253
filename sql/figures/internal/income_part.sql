-- One row per accepted filing, examination, month, role, taxpayer, asset, share, whether the class is undecided, and
-- span of knowledge: the part it brings to every figure while it is in force and those prices and rates are.
--
-- Written once when a filing is accepted and again only if a price, a rate or the verdict changes; the figures add up
-- the parts of the filings in force with known_to = last_moment(), so a correction or a question about an earlier day
-- touches nothing here. Other parts are those of earlier versions of prices and rates, and of earlier examinations.
-- Parts that counted at no time, because the price was replaced before the filing came, are left out.
create table internal.income_part (
    filing_key bigint not null,
    examination_no integer not null,
    year integer,
    period date,
    role varchar not null,
    taxpayer_id varchar,
    asset varchar,
    share decimal(7, 6),
    is_undecided boolean not null,
    known_from timestamptz not null,
    known_to timestamptz not null,
    taxpayer_name varchar,
    named_on bigint,
    taxpayer_id_state varchar,
    row_count bigint not null,
    quantity decimal(38, 18) not null,
    valued_quantity decimal(38, 18) not null,
    unvalued_quantity decimal(38, 18) not null,
    income_kzt decimal(38, 12) not null
);
