-- One row per trade of the register of sales that the office obtained (para 11): what is known to it, nothing more.
create table sale (
    sold_on date not null,
    taxpayer_id varchar not null,
    exchange varchar not null,
    asset varchar not null,
    quantity decimal(38, 18) not null,
    trade_no varchar not null,
    source varchar
);
