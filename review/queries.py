"""The questions the review pages ask, as SQL.

Each is a canned query of Datasette too, so a page, its CSV and its JSON always agree. An empty
parameter does not filter. Times are shown as in Hong Kong. Words of three characters and more are
found by the trigram index; shorter ones, of which Chinese is full, by looking through the messages.
"""

from dataclasses import dataclass

LOG, REVIEWS, RULES = "log", "reviews", "rules"
"""The databases' names in Datasette; the log's connections see the reviews as well."""


def local(column: str, form: str = "%Y-%m-%d %H:%M") -> str:
    """SQL for a time as a clock in Hong Kong shows it."""
    return f"strftime('{form}', {column}, 'unixepoch', '+8 hours')"


@dataclass(frozen=True)
class Query:
    """One question: where it is asked, what it is called, what it takes."""

    database: str
    title: str
    sql: str
    parameters: tuple[str, ...] = ()


PERIOD = "at > unixepoch() - coalesce(nullif(:days, ''), '30') * 86400"

QUERIES = {
    "inbox": Query(
        LOG,
        "What went worst and nobody has looked at yet",
        f"""
        SELECT m.id AS message, m.conversation, {local("m.at")} AS time, m.language, m.text,
            m.intent, round(m.confidence, 2) AS confidence, m.action, m.scheme, m.handoff,
            m.failed, m.disputed, m.fallback, m.low, m.rephrased, m.score
        FROM messages m
        WHERE m.who = 'person' AND m.score > 0
            AND (:language = '' OR m.language = :language)
            AND NOT EXISTS (SELECT 1 FROM reviews.labels l WHERE l.message = m.id)
        ORDER BY m.score DESC, m.at DESC
        """,
        ("language",),
    ),
    "conversations": Query(
        LOG,
        "Conversations, the latest first",
        f"""
        SELECT c.id AS conversation, {local("c.started")} AS started, {local("c.last")} AS last,
            c.person, c.language, c.scheme, c.outcome, c.handoff,
            (SELECT count(*) FROM messages m WHERE m.conversation = c.id AND m.who = 'person')
                AS said,
            (SELECT m.text FROM messages m WHERE m.conversation = c.id AND m.who = 'person'
                AND (:q = '' OR m.text LIKE '%' || :q || '%') ORDER BY m.id LIMIT 1) AS words
        FROM conversations c
        WHERE (:language = '' OR c.language = :language)
            AND (:scheme = '' OR c.scheme = :scheme)
            AND (:outcome = '' OR c.outcome = :outcome)
            AND (:handoff = '' OR c.handoff = :handoff OR (:handoff = 'any'
                AND c.handoff IS NOT NULL) OR (:handoff = 'none' AND c.handoff IS NULL))
            AND (:since = '' OR c.last >= unixepoch(:since, '-8 hours'))
            AND (:until = '' OR c.started < unixepoch(:until, '+1 day', '-8 hours'))
            AND (:q = '' OR c.id IN (
                SELECT m.conversation FROM messages_fts f JOIN messages m ON m.id = f.rowid
                WHERE length(:q) >= 3 AND f.text LIKE '%' || :q || '%'
                UNION SELECT conversation FROM messages
                WHERE length(:q) < 3 AND text LIKE '%' || :q || '%'))
        ORDER BY c.last DESC
        """,
        ("q", "language", "scheme", "outcome", "handoff", "since", "until"),
    ),
    "transcript": Query(
        LOG,
        "One conversation, message by message",
        f"""
        SELECT m.id AS message, {local("m.at", "%Y-%m-%d %H:%M:%S")} AS time, m.who, m.author,
            m.text, m.buttons, m.pressed, m.language, m.intent,
            round(m.confidence, 2) AS confidence, m.entities, m.action, m.topic, m.scheme,
            m.handoff, m.holder, m.outcome, m.model, m.failed, m.disputed, m.fallback, m.low,
            m.rephrased, l.language AS right_language, l.intent AS right_intent, l.by AS reviewer,
            {local("l.at")} AS reviewed
        FROM messages m LEFT JOIN reviews.labels l ON l.message = m.id
        WHERE m.conversation = :conversation
        ORDER BY m.id
        """,
        ("conversation",),
    ),
    "days": Query(
        LOG,
        "Messages and people a day",
        f"""
        SELECT {local("m.at", "%Y-%m-%d")} AS day, count(*) AS messages,
            count(DISTINCT c.person) AS people
        FROM messages m JOIN conversations c ON c.id = m.conversation
        WHERE m.who = 'person' AND m.{PERIOD}
        GROUP BY day ORDER BY day
        """,
        ("days",),
    ),
    "languages": Query(
        LOG,
        "Languages",
        f"""
        SELECT coalesce(language, 'unknown') AS language, count(*) AS messages
        FROM messages WHERE who = 'person' AND {PERIOD}
        GROUP BY 1 ORDER BY 2 DESC
        """,
        ("days",),
    ),
    "topics": Query(
        LOG,
        "Topics asked about",
        f"""
        SELECT topic, count(*) AS messages FROM messages
        WHERE who = 'person' AND topic IS NOT NULL AND {PERIOD}
        GROUP BY topic ORDER BY 2 DESC LIMIT 20
        """,
        ("days",),
    ),
    "rates": Query(
        LOG,
        "How often it went wrong, by language",
        f"""
        SELECT coalesce(language, 'unknown') AS language, count(*) AS messages,
            round(100.0 * avg(fallback), 1) AS fallback_percent,
            round(100.0 * avg(disputed), 1) AS not_it_percent,
            round(100.0 * avg(handoff IS NOT NULL), 1) AS handoff_percent,
            round(100.0 * avg(failed), 1) AS failure_percent
        FROM messages WHERE who = 'person' AND {PERIOD}
        GROUP BY 1 ORDER BY 2 DESC
        """,
        ("days",),
    ),
    "waiting": Query(
        LOG,
        "Handed to a person, and how long people waited",
        f"""
        SELECT reason, count(*) AS handoffs, count(answered_at) AS answered,
            round(avg(answered_at - asked_at) / 60, 1) AS average_minutes,
            round(max(answered_at - asked_at) / 60, 1) AS longest_minutes
        FROM handoffs WHERE asked_{PERIOD}
        GROUP BY reason ORDER BY 2 DESC
        """,
        ("days",),
    ),
    "unanswered": Query(
        LOG,
        "Questions without an answer",
        f"""
        SELECT text AS question, language, count(*) AS times, {local("max(at)")} AS last,
            max(conversation) AS conversation
        FROM messages
        WHERE who = 'person' AND pressed = 0 AND (fallback = 1 OR failed = 1) AND {PERIOD}
        GROUP BY lower(text), language ORDER BY 3 DESC, max(at) DESC LIMIT 20
        """,
        ("days",),
    ),
    "accuracy": Query(
        LOG,
        "Right among reviewed messages, by language and model",
        f"""
        SELECT l.language, coalesce(m.model, 'unknown') AS model, count(*) AS reviewed,
            round(100.0 * avg(coalesce(m.intent = l.intent, 0)), 1) AS intent_percent,
            round(100.0 * avg(coalesce(m.language = l.language, 0)), 1) AS language_percent
        FROM reviews.labels l JOIN messages m ON m.id = l.message
        WHERE l.intent <> '' AND m.{PERIOD}
        GROUP BY 1, 2 ORDER BY 1, max(m.at) DESC
        """,
        ("days",),
    ),
    "rules": Query(
        RULES,
        "What the assistant holds to be true, the longest unconfirmed first",
        """
        WITH held AS (
            SELECT p.scheme, 'value' AS kind, p.id AS name, p.meaning AS what,
                coalesce(v.value ->> '$.day', v.value ->> '$.text.en', v.value ->> '$') AS says,
                p.unit, v.start AS since, v.as_of, v.confidence,
                (SELECT group_concat(s.title_en, '; ') FROM parameter_value_sources x
                    JOIN sources s ON s.id = x.source WHERE x.parameter_value = v.id) AS sources,
                (SELECT max(s.url) FROM parameter_value_sources x
                    JOIN sources s ON s.id = x.source WHERE x.parameter_value = v.id) AS url
            FROM parameters p JOIN parameter_values v ON v.parameter = p.id
            WHERE v.position = (SELECT max(o.position) FROM parameter_values o
                WHERE o.parameter = p.id AND (o.start IS NULL OR o.start <= date('now')))
            UNION ALL
            SELECT a.scheme, 'answer', a.topic, t.title_en, a.text_en, NULL, a.start, a.as_of,
                a.confidence,
                (SELECT group_concat(s.title_en, '; ') FROM answer_sources x
                    JOIN sources s ON s.id = x.source WHERE x.answer = a.id),
                (SELECT max(s.url) FROM answer_sources x
                    JOIN sources s ON s.id = x.source WHERE x.answer = a.id)
            FROM answers a JOIN topics t ON t.id = a.topic
            WHERE (a.start IS NULL OR a.start <= date('now'))
                AND (a.until IS NULL OR a.until >= date('now'))
        )
        SELECT as_of, scheme, kind, what, says, unit, since, confidence, sources, url, name
        FROM held
        WHERE (:scheme = '' OR scheme = :scheme) AND (:kind = '' OR kind = :kind)
            AND (:q = '' OR what || ' ' || coalesce(says, '') || ' ' || name LIKE '%' || :q || '%')
        ORDER BY as_of IS NULL, as_of, scheme, name
        """,
        ("q", "scheme", "kind"),
    ),
}
