-- One row per kind of text (wallet, licence, name) and text as written that rules across filings compare.
--
-- Each column is made distinct by itself first: few texts are then united.
create macro internal.compared_text() as table
    select distinct
        'wallet' as kind,
        wallet as written
    from internal.stated_taxpayer
    where wallet is not null
    union
    select distinct
        'licence' as kind,
        licence_no as written
    from internal.stated_taxpayer
    where licence_no is not null
    union
    select
        'licence' as kind,
        licence_no as written
    from licence
    where licence_no is not null
    union
    select distinct
        'name' as kind,
        taxpayer_name as written
    from internal.stated_taxpayer
    where taxpayer_name is not null
    union
    select
        'name' as kind,
        pool_name as written
    from examination
    where pool_name is not null
    union
    select
        'name' as kind,
        pool_name as written
    from pool
    where pool_name is not null;
