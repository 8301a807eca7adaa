"""CPR101, CPR201 and CPR202 by hand in DuckDB: the same answers as `plain_polars.py`."""

import argparse
import json
from datetime import date
from pathlib import Path

import duckdb
import holidays

VIEWS = """
create view care_periods as
select care_period_id, child_id, start, coalesce("end", date '9999-12-31') as stop
from read_parquet('{data}/care_periods.parquet');

create table statuses as
select c.care_period_id, l.legal_status, l.start as since
from read_parquet('{data}/legal_statuses.parquet') l
join care_periods c on c.child_id = l.child_id and l.start >= c.start and l.start < c.stop;

create table ordinary as
select * from care_periods anti join (
    select care_period_id from statuses
    group by care_period_id having bool_and(legal_status in ('V3', 'V4'))
) short using (care_period_id);

create table placements as
select p.placement_id, p.child_id, p.placement_type, p.start,
    coalesce(p."end", date '9999-12-31') as stop, o.care_period_id,
    p.temporary_approval_on as temporary,
    coalesce(p.full_approval_on, date '9999-12-31') as full_approval,
    case
        when p.to_last_until_18 then (p.start + interval 1 year)::date
        when p.long_term and p.long_term_agreed_on is not null
        then greatest((p.start + interval 1 year)::date, p.long_term_agreed_on)
        else date '9999-12-31'
    end as sparse_from
from read_parquet('{data}/placements.parquet') p
join ordinary o on o.child_id = p.child_id and p.start >= o.start and p.start < o.stop;
"""

FIRST_REVIEWS = """
with working as (
    select day, row_number() over (order by day) as n
    from (select unnest(generate_series(date '2010-01-01', {until}, interval 1 day))::date as day)
    anti join days_off using (day)
    where isodow(day) < 6
), calendar as (
    -- The 20th working day after a day: from a Saturday, Sunday or holiday the one before counts.
    select d.day, w20.day as due
    from (
        select day, (select max(n) from working w where w.day <= each.day) as n
        from (
            select unnest(generate_series(date '2010-01-10', {until}, interval 1 day))::date as day
        ) each
    ) d
    join working w20 on w20.n = d.n + 20
), chains as (
    select o.care_period_id, o.child_id, o.start, least(o.stop, a.cut) as stop
    from ordinary o
    left join (
        select care_period_id, min(start) as cut from placements
        where placement_type in ('A3', 'A4', 'A5', 'A6')
        group by care_period_id
    ) a using (care_period_id)
), held as (
    select c.care_period_id, min(r.review_date) as done
    from chains c
    join read_parquet('{data}/reviews.parquet') r
        on r.child_id = c.child_id and r.review_date >= c.start and r.review_date < c.stop
    where r.cancelled is not true
    group by c.care_period_id
)
select 'CPR101' as rule, c.child_id, c.care_period_id as subject, c.start as opened, k.due,
    null::date as second, h.done, nullif(c.stop, date '9999-12-31') as stop
from chains c
join calendar k on k.day = c.start
left join held h using (care_period_id)
"""

STRETCHES = """
create table stretches as
with spells as (
    -- Days on which an order that has a visiting regime of its own begins or ends.
    select *, coalesce(lead(since) over w, date '9999-12-31') as until
    from (
        select *, under_order is distinct from lag(under_order) over w as changes
        from (
            select t.placement_type, s.care_period_id, s.since, list_contains(
                t.orders, s.legal_status) as under_order
            from statuses s, (values
                ('P1', ['C1', 'C2']),
                ('R2', ['C1', 'C2', 'D1', 'E1']),
                ('R5', ['C1', 'C2', 'D1', 'E1'])
            ) t(placement_type, orders)
            semi join placements p
                on p.care_period_id = s.care_period_id and p.placement_type = t.placement_type
        )
        window w as (partition by placement_type, care_period_id order by since)
    )
    where changes
    window w as (partition by placement_type, care_period_id order by since)
), parts as (
    select *, start as opens, least(stop, coalesce(temporary, stop)) as closes
    from placements
    where placement_type not in ('A3', 'A4', 'A5', 'A6', 'P1', 'R2', 'R5')
        and (temporary is null or start < temporary)
    union all
    select *, full_approval, stop
    from placements
    where placement_type not in ('A3', 'A4', 'A5', 'A6', 'P1', 'R2', 'R5')
        and temporary is not null and full_approval < stop
    union all
    select p.*, greatest(p.start, s.since), least(p.stop, s.until)
    from placements p
    join spells s using (care_period_id, placement_type)
    where not s.under_order and greatest(p.start, s.since) < least(p.stop, s.until)
)
select (row_number() over ())::integer as stretch, placement_id, child_id, opens, closes,
    opens = start as begins, sparse_from
from parts;
"""

GAPS = """
with visits as (
    select distinct s.stretch, v.visit_date as day
    from read_parquet('{data}/visits.parquet') v
    join stretches s
        on s.child_id = v.child_id and v.visit_date >= s.opens and v.visit_date < s.closes
    where v.seen is not false
        and v.visit_type is distinct from 'other'
        and (v.mode is distinct from 'virtual'
            or v.visit_date between date '2020-04-24' and date '2021-09-30')
), rows as (
    select stretch, day, true as visit from visits
    union all
    select stretch, opens, false from stretches
), gaps as (
    select stretch, day as opened, not visit as first,
        lead(day) over (partition by stretch order by day, visit) as done
    from rows
), owned as (
    select g.*, s.placement_id, s.child_id, nullif(s.closes, date '9999-12-31') as stop,
        case when g.first and s.begins then 7 else 42 end as days
    from gaps g
    join stretches s using (stretch)
    where (g.first and s.begins) or g.opened < s.sparse_from
)
select if(days = 7, 'CPR201', 'CPR202') as rule, child_id, placement_id as subject, opened,
    opened + days as due,
    if(opened + days between date '2020-04-24' and date '2020-09-25',
        date '2020-09-25' + days, null) as second,
    done, stop
from owned
"""

COUNTS = """
select rule, case
        when done <= due then 'on_time'
        when done is null and stop <= due then 'ended_first'
        when done <= second or (done is null and stop <= second) then 'suspended'
        when done is not null then 'late'
        when stop is not null then 'missed'
        when coalesce(second, due) < {as_at} then 'overdue'
        when coalesce(second, due) <= {as_at} + 14 then 'due_soon'
        else 'not_yet_due'
    end as reason, count(*)
from ({findings})
group by all
order by all
"""


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("--as-at", type=date.fromisoformat, default=date(2026, 3, 31))
    args = parser.parse_args()
    as_at: date = args.as_at
    known = {"data": str(args.data), "until": f"date '{as_at.year + 1}-12-31'"}
    days_off = holidays.country_holidays("GB", subdiv="ENG", years=range(2010, as_at.year + 2))
    db = duckdb.connect()
    db.execute("set preserve_insertion_order = false")
    listed = ", ".join(f"(date '{day}')" for day in sorted(days_off))
    db.execute(f"create table days_off as select * from (values {listed}) t(day)")  # noqa: S608
    db.execute(VIEWS.format(**known))
    db.execute(STRETCHES)
    found: dict[str, dict[str, int]] = {}
    for findings in (FIRST_REVIEWS, GAPS):
        query = COUNTS.format(findings=findings.format(**known), as_at=f"date '{as_at}'")
        for rule, reason, number in db.execute(query).fetchall():
            found.setdefault(rule, {})[reason] = number
    print(json.dumps(found))


if __name__ == "__main__":
    main()
