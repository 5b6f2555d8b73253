-- A number cut off downwards, given the same number rounded and the unit to which it was rounded.
create macro cut_off(number, rounded, unit) as (
    rounded - case when rounded > number then unit else 0 * unit end
);
