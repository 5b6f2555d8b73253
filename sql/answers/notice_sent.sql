-- One row per notice drafted (para 10), with the day on which it was first sent, if it was.
create macro notice_sent() as table
    select
        notice.letter_no,
        notice.pool_id,
        notice.period,
        notice.reasons::varchar[] as grounds,
        notice.detected_on,
        notice.notice_by,
        min(dispatch.sent_on) as sent_on
    from notice
    left join dispatch on notice.letter_no = dispatch.letter_no
    group by notice.letter_no, notice.pool_id, notice.period, grounds, notice.detected_on, notice.notice_by;
