-- Whether a row came from an officer's transcription, by the form and channel that brought it (facts of a filing that
-- no machine could read, para 8).
create macro internal.by_transcription(source) as (
    coalesce(source::varchar = '1-ЦМ/transcription', false)
);
