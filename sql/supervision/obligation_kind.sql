-- One row per kind of thing that an officer must do by a day, with its paragraph and words.
create table obligation_kind (
    kind varchar primary key,
    paragraph varchar not null,
    text_kk varchar not null,
    text_ru varchar not null,
    text_en varchar not null,
    source varchar not null
);
