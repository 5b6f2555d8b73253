-- One row per answer of an officer to a question about a filing (question_kind).
--
-- Answers about months are in silence_decision.
create view answer as
select
    filing_key,
    registration_no,
    data ->> '$.question' as question,
    data ->> '$.answer' as answer,
    happened_at as answered_at,
    author as answered_by,
    data ->> '$.reason' as reason
from event
where event = 'question_answered';
