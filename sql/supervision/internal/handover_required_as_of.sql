-- One row per first day from which the office wants filings handed over on their day of registration: at most one.
--
-- None while that is switched off, as it is at first (a reading; contradiction 20). The office's last word counts.
create macro internal.handover_required_as_of(known_on) as table
    select arg_max((data ->> '$.since')::date, happened_at) as since
    from event
    where event in ('handover_switched_on', 'handover_switched_off') and happened_at <= known_on::timestamptz
    having arg_max(event, happened_at) = 'handover_switched_on';
