"""The tables of the first version."""

import sqlalchemy as sa
from alembic import op

from workflows.database import Json, UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "categories",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("parent", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("default_severity", sa.String(), nullable=False),
        sa.Column("default_rectify_type", sa.String(), nullable=False),
        sa.Column("violation_appointment", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_categories")),
        sa.UniqueConstraint("code", "version", name=op.f("uq_categories_code_version")),
    )
    op.create_table(
        "clock_beats",
        sa.Column("job", sa.String(), nullable=False),
        sa.Column("ran_at", UtcDateTime(), nullable=False),
        sa.Column("counts", Json, nullable=False),
        sa.PrimaryKeyConstraint("job", name=op.f("pk_clock_beats")),
    )
    op.create_table(
        "daily_roots",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("root", sa.String(), nullable=False),
        sa.Column("leaves", Json, nullable=False),
        sa.Column("computed_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_daily_roots")),
    )
    op.create_table(
        "focus_sets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_focus_sets")),
        sa.UniqueConstraint("code", name=op.f("uq_focus_sets_code")),
    )
    op.create_table(
        "inspection_rounds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("linked_tour_round", sa.String(), nullable=False),
        sa.Column("key_task_name", sa.String(), nullable=False),
        sa.Column("focus_sets", Json, nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("concentrated_rule", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_rounds")),
        sa.UniqueConstraint("code", name=op.f("uq_inspection_rounds_code")),
    )
    op.create_table(
        "login_failures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("login", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_failures")),
    )
    with op.batch_alter_table("login_failures", schema=None) as batch_op:
        batch_op.create_index("ix_login_failures_login_at", ["login", "at"], unique=False)

    op.create_table(
        "model_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_model_files")),
        sa.UniqueConstraint("digest", "path", name=op.f("uq_model_files_digest_path")),
    )
    with op.batch_alter_table("model_files", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_model_files_digest"), ["digest"], unique=False)

    op.create_table(
        "number_series",
        sa.Column("series", sa.String(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("series", name=op.f("pk_number_series")),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("idempotency_key", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("facts", Json, nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("next_at", UtcDateTime(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.Column("last_error", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_outbox_idempotency_key")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index("ix_outbox_next", ["status", "next_at"], unique=False)

    op.create_table(
        "regulations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regulations")),
        sa.UniqueConstraint("title", "version", name=op.f("uq_regulations_title_version")),
    )
    op.create_table(
        "stored_files",
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("stored_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_stored_files")),
    )
    op.create_table(
        "time_limit_rules",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("roll", sa.String(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("responsible_role", sa.String(), nullable=False),
        sa.Column("escalates", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_time_limit_rules")),
        sa.UniqueConstraint("code", "valid_from", name=op.f("uq_time_limit_rules_code_valid_from")),
    )
    op.create_table(
        "units",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("city_id", sa.Integer(), nullable=True),
        sa.Column("has_cadre_authority", sa.Boolean(), nullable=False),
        sa.Column("peer_group", sa.String(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("initials", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["city_id"], ["units.id"], name=op.f("fk_units_city_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_units")),
        sa.UniqueConstraint("code", name=op.f("uq_units_code")),
    )
    with op.batch_alter_table("units", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_units_city_id"), ["city_id"], unique=False)

    op.create_table(
        "assessment_references",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("numbers", Json, nullable=False),
        sa.Column("grade_by_rule", sa.String(), nullable=False),
        sa.Column("grade", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.Column("adopted", sa.Boolean(), nullable=True),
        sa.Column("adopted_note", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_assessment_references_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_references")),
        sa.UniqueConstraint("unit_id", "year", name=op.f("uq_assessment_references_unit_id_year")),
    )
    with op.batch_alter_table("assessment_references", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assessment_references_year"), ["year"], unique=False)

    op.create_table(
        "clauses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("regulation_id", sa.Integer(), nullable=False),
        sa.Column("article", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("verified_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["regulation_id"], ["regulations.id"], name=op.f("fk_clauses_regulation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clauses")),
        sa.UniqueConstraint("regulation_id", "article", name=op.f("uq_clauses_regulation_id_article")),
    )
    op.create_table(
        "common_campaigns",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_no", sa.String(), nullable=False),
        sa.Column("categories", Json, nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("lead_unit_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("checklist", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("summary", sa.String(), nullable=False),
        sa.Column("prompt_no", sa.String(), nullable=False),
        sa.Column("score_before", sa.Integer(), nullable=True),
        sa.Column("score_after", sa.Integer(), nullable=True),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["lead_unit_id"], ["units.id"], name=op.f("fk_common_campaigns_lead_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_common_campaigns")),
        sa.UniqueConstraint("campaign_no", name=op.f("uq_common_campaigns_campaign_no")),
    )
    with op.batch_alter_table("common_campaigns", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_common_campaigns_lead_unit_id"), ["lead_unit_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_common_campaigns_status"), ["status"], unique=False)

    op.create_table(
        "common_patterns",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("area", sa.String(), nullable=False),
        sa.Column("city_id", sa.Integer(), nullable=True),
        sa.Column("unit_ids", Json, nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("raised_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["city_id"], ["units.id"], name=op.f("fk_common_patterns_city_id")),
        sa.ForeignKeyConstraint(["round_id"], ["inspection_rounds.id"], name=op.f("fk_common_patterns_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_common_patterns")),
        sa.UniqueConstraint("round_id", "category", "area", name=op.f("uq_common_patterns_round_id_category_area")),
    )
    op.create_table(
        "focus_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("focus_set_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("chain", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["focus_set_id"], ["focus_sets.id"], name=op.f("fk_focus_items_focus_set_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_focus_items")),
        sa.UniqueConstraint("focus_set_id", "seq", name=op.f("uq_focus_items_focus_set_id_seq")),
    )
    op.create_table(
        "import_mappings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("header", sa.String(), nullable=False),
        sa.Column("column", sa.String(), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_import_mappings_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_mappings")),
        sa.UniqueConstraint("unit_id", "header", name=op.f("uq_import_mappings_unit_id_header")),
    )
    op.create_table(
        "inbound_documents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_level", sa.String(), nullable=False),
        sa.Column("doc_no", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=True),
        sa.Column("findings_n", sa.Integer(), nullable=False),
        sa.Column("reports", Json, nullable=False),
        sa.Column("registered_at", UtcDateTime(), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["round_id"], ["inspection_rounds.id"], name=op.f("fk_inbound_documents_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbound_documents")),
        sa.UniqueConstraint("doc_no", name=op.f("uq_inbound_documents_doc_no")),
    )
    op.create_table(
        "institution_docs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("doc_no", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("issuing_body", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("root_cause", sa.String(), nullable=False),
        sa.Column("parent_ids", Json, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_institution_docs_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_institution_docs")),
        sa.UniqueConstraint("doc_no", name=op.f("uq_institution_docs_doc_no")),
    )
    with op.batch_alter_table("institution_docs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_institution_docs_title"), ["title"], unique=False)
        batch_op.create_index(batch_op.f("ix_institution_docs_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "intel_sources",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("confidential", sa.Boolean(), nullable=False),
        sa.Column("provider_unit_id", sa.Integer(), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["provider_unit_id"], ["units.id"], name=op.f("fk_intel_sources_provider_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intel_sources")),
        sa.UniqueConstraint("code", name=op.f("uq_intel_sources_code")),
    )
    op.create_table(
        "users",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("login", sa.String(), nullable=False),
        sa.Column("staff_no", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("post", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("theme", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("initials", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_users_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("login", name=op.f("uq_users_login")),
        sa.UniqueConstraint("staff_no", name=op.f("uq_users_staff_no")),
    )
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_users_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "absences",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("substitute_id", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("roles", Json, nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("declared_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["substitute_id"], ["users.id"], name=op.f("fk_absences_substitute_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_absences_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absences")),
    )
    with op.batch_alter_table("absences", schema=None) as batch_op:
        batch_op.create_index("ix_absences_substitute", ["substitute_id", "last_day"], unique=False)
        batch_op.create_index("ix_absences_user", ["user_id", "last_day"], unique=False)

    op.create_table(
        "batches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("verb", sa.String(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("results", Json, nullable=False),
        sa.ForeignKeyConstraint(["asked_by_id"], ["users.id"], name=op.f("fk_batches_asked_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batches")),
    )
    with op.batch_alter_table("batches", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_batches_asked_by_id"), ["asked_by_id"], unique=False)

    op.create_table(
        "calendar_feeds",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_calendar_feeds_user_id")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_calendar_feeds")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendar_feeds_token_hash")),
    )
    op.create_table(
        "calendar_versions",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("published_at", UtcDateTime(), nullable=False),
        sa.Column("published_by_id", sa.Integer(), nullable=True),
        sa.Column("last_certain_year", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["published_by_id"], ["users.id"], name=op.f("fk_calendar_versions_published_by_id")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_calendar_versions")),
    )
    op.create_table(
        "campaign_units",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("found_n", sa.Integer(), nullable=True),
        sa.Column("items", Json, nullable=False),
        sa.Column("self_check", sa.String(), nullable=False),
        sa.Column("checked_at", UtcDateTime(), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("prominent", sa.Boolean(), nullable=False),
        sa.Column("false_report", sa.Boolean(), nullable=False),
        sa.Column("visited", sa.Boolean(), nullable=False),
        sa.Column("rectified_at", UtcDateTime(), nullable=True),
        sa.Column("struck_off_at", UtcDateTime(), nullable=True),
        sa.Column("spot_check", sa.String(), nullable=False),
        sa.Column("failed_checks", sa.Integer(), nullable=False),
        sa.Column("score_before", sa.Integer(), nullable=True),
        sa.Column("score_after", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["campaign_id"], ["common_campaigns.id"], name=op.f("fk_campaign_units_campaign_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_campaign_units_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_units")),
        sa.UniqueConstraint("campaign_id", "unit_id", name=op.f("uq_campaign_units_campaign_id_unit_id")),
    )
    with op.batch_alter_table("campaign_units", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_campaign_units_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "digests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_digests_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digests")),
        sa.UniqueConstraint("user_id", "day", name=op.f("uq_digests_user_id_day")),
    )
    op.create_table(
        "document_templates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("version_no", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("uploaded_by_id", sa.Integer(), nullable=False),
        sa.Column("uploaded_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["uploaded_by_id"], ["users.id"], name=op.f("fk_document_templates_uploaded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_templates")),
        sa.UniqueConstraint("kind", "version_no", name=op.f("uq_document_templates_kind_version_no")),
    )
    op.create_table(
        "forecast_versions",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("fitted_at", UtcDateTime(), nullable=False),
        sa.Column("fitted_by_id", sa.Integer(), nullable=True),
        sa.Column("snapshots", sa.Integer(), nullable=False),
        sa.Column("deadlines", sa.Integer(), nullable=False),
        sa.Column("base_rate", sa.Double(), nullable=False),
        sa.Column("weights", Json, nullable=False),
        sa.Column("backtest", Json, nullable=True),
        sa.ForeignKeyConstraint(["fitted_by_id"], ["users.id"], name=op.f("fk_forecast_versions_fitted_by_id")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_forecast_versions")),
    )
    op.create_table(
        "grants",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("scope_id", sa.Integer(), nullable=False),
        sa.Column("valid_from", UtcDateTime(), nullable=True),
        sa.Column("valid_to", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_grants_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grants")),
        sa.UniqueConstraint(
            "user_id", "role", "scope", "scope_id", name=op.f("uq_grants_user_id_role_scope_scope_id")
        ),
    )
    with op.batch_alter_table("grants", schema=None) as batch_op:
        batch_op.create_index("ix_grants_role_scope", ["role", "scope", "scope_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_grants_user_id"), ["user_id"], unique=False)

    op.create_table(
        "inspection_cases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_no", sa.String(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("source_level", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("entry_date", sa.Date(), nullable=True),
        sa.Column("exit_date", sa.Date(), nullable=True),
        sa.Column("council_date", sa.Date(), nullable=True),
        sa.Column("feedback_date", sa.Date(), nullable=True),
        sa.Column("concentrated_end", sa.Date(), nullable=True),
        sa.Column("revisit_cycle", sa.Integer(), nullable=False),
        sa.Column("open_count", sa.Integer(), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=True),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("zeroed_at", UtcDateTime(), nullable=True),
        sa.Column("archived_at", UtcDateTime(), nullable=True),
        sa.Column("facts", Json, nullable=False),
        sa.ForeignKeyConstraint(["officer_id"], ["users.id"], name=op.f("fk_inspection_cases_officer_id")),
        sa.ForeignKeyConstraint(["round_id"], ["inspection_rounds.id"], name=op.f("fk_inspection_cases_round_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_inspection_cases_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_cases")),
        sa.UniqueConstraint("case_no", name=op.f("uq_inspection_cases_case_no")),
        sa.UniqueConstraint("round_id", "unit_id", name=op.f("uq_inspection_cases_round_id_unit_id")),
    )
    with op.batch_alter_table("inspection_cases", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_inspection_cases_round_id"), ["round_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_inspection_cases_status"), ["status"], unique=False)
        batch_op.create_index(batch_op.f("ix_inspection_cases_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "inspectors",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("born_on", sa.Date(), nullable=False),
        sa.Column("experience_years", sa.Integer(), nullable=False),
        sa.Column("speciality", sa.String(), nullable=False),
        sa.Column("post_kind", sa.String(), nullable=False),
        sa.Column("posts", Json, nullable=False),
        sa.Column("is_division_head", sa.Boolean(), nullable=False),
        sa.Column("rounds_served", sa.Integer(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_inspectors_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspectors")),
        sa.UniqueConstraint("user_id", name=op.f("uq_inspectors_user_id")),
    )
    with op.batch_alter_table("inspectors", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_inspectors_channel"), ["channel"], unique=False)

    op.create_table(
        "institution_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("doc_id", sa.Integer(), nullable=False),
        sa.Column("version_no", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("issue_no", sa.String(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("issuing_body", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("facts", Json, nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["doc_id"], ["institution_docs.id"], name=op.f("fk_institution_versions_doc_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_institution_versions")),
        sa.UniqueConstraint("doc_id", "version_no", name=op.f("uq_institution_versions_doc_id_version_no")),
    )
    with op.batch_alter_table("institution_versions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_institution_versions_issue_no"), ["issue_no"], unique=False)

    op.create_table(
        "jobs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("arguments", Json, nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("done_n", sa.Integer(), nullable=False),
        sa.Column("total_n", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("cancel_asked_at", UtcDateTime(), nullable=True),
        sa.Column("error", sa.String(), nullable=False),
        sa.Column("outcome", Json, nullable=False),
        sa.Column("result_path", sa.String(), nullable=False),
        sa.Column("result_name", sa.String(), nullable=False),
        sa.Column("result_size", sa.Integer(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_token", sa.String(), nullable=True),
        sa.Column("lease_until", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["asked_by_id"], ["users.id"], name=op.f("fk_jobs_asked_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
    )
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.create_index("ix_jobs_asked_by", ["asked_by_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_jobs_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(
            "ix_jobs_unended",
            ["asked_at"],
            unique=False,
            sqlite_where=sa.text("status IN ('queued', 'running')"),
            postgresql_where=sa.text("status IN ('queued', 'running')"),
        )

    op.create_table(
        "ledger_uploads",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("columns", Json, nullable=False),
        sa.Column("claims", Json, nullable=False),
        sa.Column("changed_n", sa.Integer(), nullable=False),
        sa.Column("uploaded_by_id", sa.Integer(), nullable=False),
        sa.Column("uploaded_at", UtcDateTime(), nullable=False),
        sa.Column("confirmed_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_ledger_uploads_unit_id")),
        sa.ForeignKeyConstraint(["uploaded_by_id"], ["users.id"], name=op.f("fk_ledger_uploads_uploaded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_uploads")),
    )
    with op.batch_alter_table("ledger_uploads", schema=None) as batch_op:
        batch_op.create_index("ix_ledger_uploads_unit_status", ["unit_id", "status"], unique=False)

    op.create_table(
        "login_sessions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_login_sessions_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_sessions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_login_sessions_token_hash")),
    )
    with op.batch_alter_table("login_sessions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_login_sessions_user_id"), ["user_id"], unique=False)

    op.create_table(
        "model_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("process_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("start_messages", Json, nullable=False),
        sa.Column("starter_roles", Json, nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("case_states", Json, nullable=False),
        sa.Column("published_at", UtcDateTime(), nullable=False),
        sa.Column("published_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["published_by_id"], ["users.id"], name=op.f("fk_model_versions_published_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_model_versions")),
        sa.UniqueConstraint("process_id", "digest", name=op.f("uq_model_versions_process_id_digest")),
        sa.UniqueConstraint("process_id", "number", name=op.f("uq_model_versions_process_id_number")),
    )
    with op.batch_alter_table("model_versions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_model_versions_digest"), ["digest"], unique=False)

    op.create_table(
        "occasions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("cancelled_at", UtcDateTime(), nullable=True),
        sa.Column("cancel_reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["created_by_id"], ["users.id"], name=op.f("fk_occasions_created_by_id")),
        sa.ForeignKeyConstraint(["round_id"], ["inspection_rounds.id"], name=op.f("fk_occasions_round_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_occasions_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_occasions")),
    )
    with op.batch_alter_table("occasions", schema=None) as batch_op:
        batch_op.create_index("ix_occasions_days", ["starts_on", "ends_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_occasions_round_id"), ["round_id"], unique=False)

    op.create_table(
        "participations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject_no", sa.String(), nullable=False),
        sa.Column("round_no", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_participations_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participations")),
        sa.UniqueConstraint(
            "subject_no",
            "round_no",
            "part",
            "user_id",
            name=op.f("uq_participations_subject_no_round_no_part_user_id"),
        ),
    )
    op.create_table(
        "policy_questions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question_no", sa.String(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.Column("published_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["answered_by_id"], ["users.id"], name=op.f("fk_policy_questions_answered_by_id")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["users.id"], name=op.f("fk_policy_questions_asked_by_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_policy_questions_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_questions")),
        sa.UniqueConstraint("question_no", name=op.f("uq_policy_questions_question_no")),
    )
    with op.batch_alter_table("policy_questions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_policy_questions_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "preferences",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", Json, nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_preferences_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_preferences")),
        sa.UniqueConstraint("user_id", "name", name=op.f("uq_preferences_user_id_name")),
    )
    op.create_table(
        "recusals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("declared_by_id", sa.Integer(), nullable=True),
        sa.Column("declared_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["declared_by_id"], ["users.id"], name=op.f("fk_recusals_declared_by_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_recusals_unit_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_recusals_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recusals")),
        sa.UniqueConstraint("user_id", "unit_id", name=op.f("uq_recusals_user_id_unit_id")),
    )
    op.create_table(
        "report_reviews",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("overall_good", sa.Integer(), nullable=False),
        sa.Column("overall_fair", sa.Integer(), nullable=False),
        sa.Column("overall_average", sa.Integer(), nullable=False),
        sa.Column("overall_bad", sa.Integer(), nullable=False),
        sa.Column("supervision_good", sa.Integer(), nullable=False),
        sa.Column("supervision_fair", sa.Integer(), nullable=False),
        sa.Column("supervision_average", sa.Integer(), nullable=False),
        sa.Column("supervision_bad", sa.Integer(), nullable=False),
        sa.Column("last_year_fix_good", sa.Integer(), nullable=False),
        sa.Column("last_year_fix_fair", sa.Integer(), nullable=False),
        sa.Column("last_year_fix_average", sa.Integer(), nullable=False),
        sa.Column("last_year_fix_bad", sa.Integer(), nullable=False),
        sa.Column("newly_promoted_n", sa.Integer(), nullable=False),
        sa.Column("newly_promoted_approve", sa.Integer(), nullable=False),
        sa.Column("problem_votes", Json, nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("rank_of", sa.Integer(), nullable=False),
        sa.Column("bottom_band", sa.Boolean(), nullable=False),
        sa.Column("imported_at", UtcDateTime(), nullable=False),
        sa.Column("imported_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["imported_by_id"], ["users.id"], name=op.f("fk_report_reviews_imported_by_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_report_reviews_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_reviews")),
        sa.UniqueConstraint("unit_id", "year", name=op.f("uq_report_reviews_unit_id_year")),
    )
    with op.batch_alter_table("report_reviews", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_report_reviews_unit_id"), ["unit_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_report_reviews_year"), ["year"], unique=False)

    op.create_table(
        "saved_filters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("page", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("query", sa.String(), nullable=False),
        sa.Column("shared_with_role", sa.String(), nullable=True),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name=op.f("fk_saved_filters_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_filters")),
        sa.UniqueConstraint("owner_id", "page", "name", name=op.f("uq_saved_filters_owner_id_page_name")),
    )
    with op.batch_alter_table("saved_filters", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_saved_filters_shared_with_role"), ["shared_with_role"], unique=False)

    op.create_table(
        "tour_units",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tour_round", sa.String(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["added_by_id"], ["users.id"], name=op.f("fk_tour_units_added_by_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_tour_units_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tour_units")),
        sa.UniqueConstraint("tour_round", "unit_id", name=op.f("uq_tour_units_tour_round_unit_id")),
    )
    with op.batch_alter_table("tour_units", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tour_units_tour_round"), ["tour_round"], unique=False)

    op.create_table(
        "training_plans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_no", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("five_year_item", sa.String(), nullable=False),
        sa.Column("matrix", Json, nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("drafted_by_id", sa.Integer(), nullable=False),
        sa.Column("drafted_at", UtcDateTime(), nullable=False),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("approved_at", UtcDateTime(), nullable=True),
        sa.Column("effect", sa.String(), nullable=False),
        sa.Column("evaluated_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["approved_by_id"], ["users.id"], name=op.f("fk_training_plans_approved_by_id")),
        sa.ForeignKeyConstraint(["drafted_by_id"], ["users.id"], name=op.f("fk_training_plans_drafted_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_plans")),
        sa.UniqueConstraint("plan_no", name=op.f("uq_training_plans_plan_no")),
    )
    with op.batch_alter_table("training_plans", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_training_plans_year"), ["year"], unique=False)

    op.create_table(
        "analyses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("round_id", sa.Integer(), nullable=True),
        sa.Column("version_no", sa.Integer(), nullable=False),
        sa.Column("direction", sa.String(), nullable=False),
        sa.Column("differences", sa.String(), nullable=False),
        sa.Column("focus", Json, nullable=False),
        sa.Column("drafted_by_id", sa.Integer(), nullable=True),
        sa.Column("drafted_at", UtcDateTime(), nullable=False),
        sa.Column("signed_by_id", sa.Integer(), nullable=True),
        sa.Column("signed_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["inspection_cases.id"], name=op.f("fk_analyses_case_id")),
        sa.ForeignKeyConstraint(["drafted_by_id"], ["users.id"], name=op.f("fk_analyses_drafted_by_id")),
        sa.ForeignKeyConstraint(["round_id"], ["inspection_rounds.id"], name=op.f("fk_analyses_round_id")),
        sa.ForeignKeyConstraint(["signed_by_id"], ["users.id"], name=op.f("fk_analyses_signed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_analyses")),
    )
    with op.batch_alter_table("analyses", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_analyses_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_analyses_round_id"), ["round_id"], unique=False)

    op.create_table(
        "baseline_metrics",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("as_of", sa.Date(), nullable=True),
        sa.Column("first_hand", sa.Boolean(), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["inspection_cases.id"], name=op.f("fk_baseline_metrics_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_baseline_metrics")),
        sa.UniqueConstraint("case_id", "code", name=op.f("uq_baseline_metrics_case_id_code")),
    )
    op.create_table(
        "calendar_days",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("is_workday", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["version"], ["calendar_versions.number"], name=op.f("fk_calendar_days_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_days")),
        sa.UniqueConstraint("day", "version", name=op.f("uq_calendar_days_day_version")),
    )
    op.create_table(
        "calendar_proposals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("days", Json, nullable=False),
        sa.Column("last_certain_year", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("proposed_at", UtcDateTime(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("decision_note", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["decided_by_id"], ["users.id"], name=op.f("fk_calendar_proposals_decided_by_id")),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["users.id"], name=op.f("fk_calendar_proposals_proposed_by_id")),
        sa.ForeignKeyConstraint(
            ["version"], ["calendar_versions.number"], name=op.f("fk_calendar_proposals_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_proposals")),
    )
    with op.batch_alter_table("calendar_proposals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_calendar_proposals_status"), ["status"], unique=False)

    op.create_table(
        "checklist_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("section", sa.String(), nullable=False),
        sa.Column("chain", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("from_template", sa.Boolean(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("dropped_reason", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("na_reason", sa.String(), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["answered_by_id"], ["users.id"], name=op.f("fk_checklist_items_answered_by_id")),
        sa.ForeignKeyConstraint(["case_id"], ["inspection_cases.id"], name=op.f("fk_checklist_items_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checklist_items")),
        sa.UniqueConstraint("case_id", "code", name=op.f("uq_checklist_items_case_id_code")),
    )
    op.create_table(
        "circulars",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("circular_no", sa.String(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("issued_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["inspection_cases.id"], name=op.f("fk_circulars_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_circulars")),
        sa.UniqueConstraint("circular_no", name=op.f("uq_circulars_circular_no")),
    )
    with op.batch_alter_table("circulars", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_circulars_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_circulars_issued_at"), ["issued_at"], unique=False)

    op.create_table(
        "coaching_logs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("policy", sa.String(), nullable=False),
        sa.Column("clauses", sa.String(), nullable=False),
        sa.Column("attendees_n", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["inspection_cases.id"], name=op.f("fk_coaching_logs_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coaching_logs")),
    )
    with op.batch_alter_table("coaching_logs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_coaching_logs_case_id"), ["case_id"], unique=False)

    op.create_table(
        "consultation_meetings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("expected", sa.Integer(), nullable=False),
        sa.Column("attended", sa.Integer(), nullable=False),
        sa.Column("quorum_ok", sa.Boolean(), nullable=False),
        sa.Column("opinions", Json, nullable=False),
        sa.Column("decision", sa.String(), nullable=False),
        sa.Column("decisions", Json, nullable=False),
        sa.Column("minutes", sa.String(), nullable=False),
        sa.Column("last_speaker_is_chair", sa.Boolean(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_consultation_meetings_by_id")),
        sa.ForeignKeyConstraint(["case_id"], ["inspection_cases.id"], name=op.f("fk_consultation_meetings_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultation_meetings")),
    )
    with op.batch_alter_table("consultation_meetings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consultation_meetings_case_id"), ["case_id"], unique=False)

    op.create_table(
        "dossier_notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_dossier_notes_by_id")),
        sa.ForeignKeyConstraint(["case_id"], ["inspection_cases.id"], name=op.f("fk_dossier_notes_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dossier_notes")),
    )
    with op.batch_alter_table("dossier_notes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dossier_notes_case_id"), ["case_id"], unique=False)

    op.create_table(
        "duty_reviews",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("review_no", sa.String(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("source_key", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("exposure", sa.String(), nullable=False),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("exposed_on", sa.Date(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("lead_present", sa.Boolean(), nullable=True),
        sa.Column("lead_reported", sa.Boolean(), nullable=True),
        sa.Column("lead_nos", sa.String(), nullable=False),
        sa.Column("comparison", sa.String(), nullable=False),
        sa.Column("conclusion", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("ref_no", sa.String(), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("concluded_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["inspection_cases.id"], name=op.f("fk_duty_reviews_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_reviews")),
        sa.UniqueConstraint("case_id", "source_key", name=op.f("uq_duty_reviews_case_id_source_key")),
        sa.UniqueConstraint("review_no", name=op.f("uq_duty_reviews_review_no")),
    )
    with op.batch_alter_table("duty_reviews", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_duty_reviews_case_id"), ["case_id"], unique=False)

    op.create_table(
        "fact_checks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("wp_no", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=False),
        sa.Column("replied_at", UtcDateTime(), nullable=True),
        sa.Column("silent", sa.Boolean(), nullable=False),
        sa.Column("agree", sa.Boolean(), nullable=True),
        sa.Column("comment", sa.String(), nullable=False),
        sa.Column("review_result", sa.String(), nullable=False),
        sa.Column("reply", sa.String(), nullable=False),
        sa.Column("reviewed_by_id", sa.Integer(), nullable=True),
        sa.Column("reviewed_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["inspection_cases.id"], name=op.f("fk_fact_checks_case_id")),
        sa.ForeignKeyConstraint(["reviewed_by_id"], ["users.id"], name=op.f("fk_fact_checks_reviewed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fact_checks")),
        sa.UniqueConstraint("case_id", "wp_no", "seq", name=op.f("uq_fact_checks_case_id_wp_no_seq")),
    )
    op.create_table(
        "feedbacks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("revisit_cycle", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("attendees", sa.String(), nullable=False),
        sa.Column("document_no", sa.String(), nullable=False),
        sa.Column("facts", Json, nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["inspection_cases.id"], name=op.f("fk_feedbacks_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedbacks")),
        sa.UniqueConstraint(
            "case_id", "channel", "revisit_cycle", name=op.f("uq_feedbacks_case_id_channel_revisit_cycle")
        ),
    )
    op.create_table(
        "good_practices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("source_case_id", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=False),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["added_by_id"], ["users.id"], name=op.f("fk_good_practices_added_by_id")),
        sa.ForeignKeyConstraint(
            ["source_case_id"], ["inspection_cases.id"], name=op.f("fk_good_practices_source_case_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_good_practices")),
    )
    with op.batch_alter_table("good_practices", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_good_practices_category"), ["category"], unique=False)
        batch_op.create_index(batch_op.f("ix_good_practices_source_case_id"), ["source_case_id"], unique=False)

    op.create_table(
        "guidance_visits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_unit_id", sa.Integer(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("to_day", sa.Date(), nullable=False),
        sa.Column("items", Json, nullable=False),
        sa.Column("result", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_guidance_visits_by_id")),
        sa.ForeignKeyConstraint(
            ["campaign_unit_id"], ["campaign_units.id"], name=op.f("fk_guidance_visits_campaign_unit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guidance_visits")),
    )
    with op.batch_alter_table("guidance_visits", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_guidance_visits_campaign_unit_id"), ["campaign_unit_id"], unique=False)

    op.create_table(
        "history_chains",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("head", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["inspection_cases.id"], name=op.f("fk_history_chains_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_history_chains")),
        sa.UniqueConstraint("case_id", name=op.f("uq_history_chains_case_id")),
        sa.UniqueConstraint("name", name=op.f("uq_history_chains_name")),
    )
    op.create_table(
        "immediate_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_no", sa.String(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("raised_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("result", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["inspection_cases.id"], name=op.f("fk_immediate_items_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_immediate_items")),
        sa.UniqueConstraint("item_no", name=op.f("uq_immediate_items_item_no")),
    )
    with op.batch_alter_table("immediate_items", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_immediate_items_case_id"), ["case_id"], unique=False)

    op.create_table(
        "institution_checks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("checked_at", UtcDateTime(), nullable=False),
        sa.Column("checked_by_id", sa.Integer(), nullable=False),
        sa.Column("deviation", sa.String(), nullable=False),
        sa.Column("fact", sa.String(), nullable=False),
        sa.Column("correction", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("result", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["checked_by_id"], ["users.id"], name=op.f("fk_institution_checks_checked_by_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_institution_checks_unit_id")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["institution_versions.id"], name=op.f("fk_institution_checks_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_institution_checks")),
    )
    with op.batch_alter_table("institution_checks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_institution_checks_unit_id"), ["unit_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_institution_checks_version_id"), ["version_id"], unique=False)

    op.create_table(
        "institution_impacts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["child_id"], ["institution_docs.id"], name=op.f("fk_institution_impacts_child_id")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["institution_versions.id"], name=op.f("fk_institution_impacts_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_institution_impacts")),
        sa.UniqueConstraint("version_id", "child_id", name=op.f("uq_institution_impacts_version_id_child_id")),
    )
    with op.batch_alter_table("institution_impacts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_institution_impacts_child_id"), ["child_id"], unique=False)

    op.create_table(
        "intel_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_no", sa.String(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("source_type", sa.String(), nullable=False),
        sa.Column("source_name", sa.String(), nullable=False),
        sa.Column("provider_unit_id", sa.Integer(), nullable=True),
        sa.Column("window_start", sa.Date(), nullable=False),
        sa.Column("window_end", sa.Date(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=True),
        sa.Column("overdue_at", UtcDateTime(), nullable=True),
        sa.Column("supplied_at", UtcDateTime(), nullable=True),
        sa.Column("supplied_by_id", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("nothing_to_report", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["inspection_cases.id"], name=op.f("fk_intel_requests_case_id")),
        sa.ForeignKeyConstraint(["provider_unit_id"], ["units.id"], name=op.f("fk_intel_requests_provider_unit_id")),
        sa.ForeignKeyConstraint(["supplied_by_id"], ["users.id"], name=op.f("fk_intel_requests_supplied_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intel_requests")),
        sa.UniqueConstraint("case_id", "source_type", name=op.f("uq_intel_requests_case_id_source_type")),
        sa.UniqueConstraint("request_no", name=op.f("uq_intel_requests_request_no")),
    )
    op.create_table(
        "interviews",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("post", sa.String(), nullable=False),
        sa.Column("must_talk", sa.Boolean(), nullable=False),
        sa.Column("inspectors", Json, nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("summary", sa.String(), nullable=False),
        sa.Column("signed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["inspection_cases.id"], name=op.f("fk_interviews_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interviews")),
    )
    with op.batch_alter_table("interviews", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_interviews_case_id"), ["case_id"], unique=False)

    op.create_table(
        "issued_documents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("subject_no", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=True),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("template_version", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("typed", Json, nullable=False),
        sa.Column("data", Json, nullable=False),
        sa.Column("drafted_by_id", sa.Integer(), nullable=False),
        sa.Column("drafted_at", UtcDateTime(), nullable=False),
        sa.Column("issued_by_id", sa.Integer(), nullable=True),
        sa.Column("issued_at", UtcDateTime(), nullable=True),
        sa.Column("voided_by_id", sa.Integer(), nullable=True),
        sa.Column("voided_at", UtcDateTime(), nullable=True),
        sa.Column("void_reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["inspection_cases.id"], name=op.f("fk_issued_documents_case_id")),
        sa.ForeignKeyConstraint(["drafted_by_id"], ["users.id"], name=op.f("fk_issued_documents_drafted_by_id")),
        sa.ForeignKeyConstraint(["issued_by_id"], ["users.id"], name=op.f("fk_issued_documents_issued_by_id")),
        sa.ForeignKeyConstraint(["voided_by_id"], ["users.id"], name=op.f("fk_issued_documents_voided_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issued_documents")),
        sa.UniqueConstraint("number", "edition", name=op.f("uq_issued_documents_number_edition")),
    )
    with op.batch_alter_table("issued_documents", schema=None) as batch_op:
        batch_op.create_index("ix_issued_documents_case_kind", ["case_id", "kind"], unique=False)

    op.create_table(
        "leads",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lead_no", sa.String(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("in_scope", sa.Boolean(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("registered_by_id", sa.Integer(), nullable=True),
        sa.Column("registered_at", UtcDateTime(), nullable=False),
        sa.Column("assigned_to_id", sa.Integer(), nullable=True),
        sa.Column("due_at", UtcDateTime(), nullable=True),
        sa.Column("conclusion", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("inspectors", Json, nullable=False),
        sa.Column("evidence", Json, nullable=False),
        sa.Column("transferred_to", sa.String(), nullable=False),
        sa.Column("concluded_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["assigned_to_id"], ["users.id"], name=op.f("fk_leads_assigned_to_id")),
        sa.ForeignKeyConstraint(["case_id"], ["inspection_cases.id"], name=op.f("fk_leads_case_id")),
        sa.ForeignKeyConstraint(["registered_by_id"], ["users.id"], name=op.f("fk_leads_registered_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leads")),
        sa.UniqueConstraint("lead_no", name=op.f("uq_leads_lead_no")),
    )
    with op.batch_alter_table("leads", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_leads_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_leads_status"), ["status"], unique=False)

    op.create_table(
        "mobilisation_trainings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("agenda", Json, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["inspection_cases.id"], name=op.f("fk_mobilisation_trainings_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mobilisation_trainings")),
        sa.UniqueConstraint("case_id", name=op.f("uq_mobilisation_trainings_case_id")),
    )
    op.create_table(
        "overrides",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("object_kind", sa.String(), nullable=False),
        sa.Column("object_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("requested_by_id", sa.Integer(), nullable=False),
        sa.Column("requested_at", UtcDateTime(), nullable=False),
        sa.Column("approver_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.Column("facts", Json, nullable=False),
        sa.ForeignKeyConstraint(["approver_id"], ["users.id"], name=op.f("fk_overrides_approver_id")),
        sa.ForeignKeyConstraint(["case_id"], ["inspection_cases.id"], name=op.f("fk_overrides_case_id")),
        sa.ForeignKeyConstraint(["requested_by_id"], ["users.id"], name=op.f("fk_overrides_requested_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_overrides")),
    )
    with op.batch_alter_table("overrides", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_overrides_case_id"), ["case_id"], unique=False)

    op.create_table(
        "rectification_plans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("round_no", sa.Integer(), nullable=False),
        sa.Column("version_no", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("meeting_date", sa.Date(), nullable=True),
        sa.Column("leading_group", sa.String(), nullable=False),
        sa.Column("signed_by_id", sa.Integer(), nullable=True),
        sa.Column("signed_at", UtcDateTime(), nullable=True),
        sa.Column("submitted_at", UtcDateTime(), nullable=True),
        sa.Column("approved_at", UtcDateTime(), nullable=True),
        sa.Column("review", Json, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["inspection_cases.id"], name=op.f("fk_rectification_plans_case_id")),
        sa.ForeignKeyConstraint(["signed_by_id"], ["users.id"], name=op.f("fk_rectification_plans_signed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rectification_plans")),
        sa.UniqueConstraint(
            "case_id", "round_no", "version_no", name=op.f("uq_rectification_plans_case_id_round_no_version_no")
        ),
    )
    op.create_table(
        "request_reports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_no", sa.String(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("to_role", sa.String(), nullable=False),
        sa.Column("requested_by_id", sa.Integer(), nullable=True),
        sa.Column("requested_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("escalated_at", UtcDateTime(), nullable=True),
        sa.Column("reply", sa.String(), nullable=False),
        sa.Column("replied_by_id", sa.Integer(), nullable=True),
        sa.Column("replied_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["inspection_cases.id"], name=op.f("fk_request_reports_case_id")),
        sa.ForeignKeyConstraint(["replied_by_id"], ["users.id"], name=op.f("fk_request_reports_replied_by_id")),
        sa.ForeignKeyConstraint(["requested_by_id"], ["users.id"], name=op.f("fk_request_reports_requested_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_reports")),
        sa.UniqueConstraint("report_no", name=op.f("uq_request_reports_report_no")),
    )
    with op.batch_alter_table("request_reports", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_request_reports_case_id"), ["case_id"], unique=False)

    op.create_table(
        "revisits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("occasion", sa.String(), nullable=False),
        sa.Column("occasion_ref", sa.String(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("team", Json, nullable=False),
        sa.Column("summary", sa.String(), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["inspection_cases.id"], name=op.f("fk_revisits_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revisits")),
        sa.UniqueConstraint("case_id", "cycle", name=op.f("uq_revisits_case_id_cycle")),
    )
    op.create_table(
        "teams",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("leader_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("authorisation_no", sa.String(), nullable=True),
        sa.Column("authorised_on", sa.Date(), nullable=True),
        sa.Column("activated_at", UtcDateTime(), nullable=True),
        sa.Column("released_at", UtcDateTime(), nullable=True),
        sa.Column("balance", Json, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["inspection_cases.id"], name=op.f("fk_teams_case_id")),
        sa.ForeignKeyConstraint(["leader_id"], ["users.id"], name=op.f("fk_teams_leader_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_teams")),
        sa.UniqueConstraint("authorisation_no", name=op.f("uq_teams_authorisation_no")),
        sa.UniqueConstraint("case_id", name=op.f("uq_teams_case_id")),
    )
    with op.batch_alter_table("teams", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_teams_leader_id"), ["leader_id"], unique=False)

    op.create_table(
        "training_sessions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_no", sa.String(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("two_regulations", sa.Boolean(), nullable=False),
        sa.Column("org_tier", sa.String(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("clauses", Json, nullable=False),
        sa.Column("part_no", sa.Integer(), nullable=False),
        sa.Column("round_no", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["training_plans.id"], name=op.f("fk_training_sessions_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_sessions")),
        sa.UniqueConstraint("plan_id", "seq", name=op.f("uq_training_sessions_plan_id_seq")),
        sa.UniqueConstraint("session_no", name=op.f("uq_training_sessions_session_no")),
    )
    op.create_table(
        "unit_surveys",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("discipline", sa.String(), nullable=False),
        sa.Column("competence", sa.String(), nullable=False),
        sa.Column("coaching", sa.String(), nullable=False),
        sa.Column("comment", sa.String(), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["answered_by_id"], ["users.id"], name=op.f("fk_unit_surveys_answered_by_id")),
        sa.ForeignKeyConstraint(["case_id"], ["inspection_cases.id"], name=op.f("fk_unit_surveys_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_surveys")),
        sa.UniqueConstraint("case_id", name=op.f("uq_unit_surveys_case_id")),
    )
    op.create_table(
        "watches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["inspection_cases.id"], name=op.f("fk_watches_case_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_watches_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watches")),
        sa.UniqueConstraint("user_id", "case_id", name=op.f("uq_watches_user_id_case_id")),
    )
    op.create_table(
        "zero_declarations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("declaration", sa.String(), nullable=False),
        sa.Column("declared_by_id", sa.Integer(), nullable=True),
        sa.Column("declared_at", UtcDateTime(), nullable=False),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["inspection_cases.id"], name=op.f("fk_zero_declarations_case_id")),
        sa.ForeignKeyConstraint(["declared_by_id"], ["users.id"], name=op.f("fk_zero_declarations_declared_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_zero_declarations")),
        sa.UniqueConstraint("case_id", name=op.f("uq_zero_declarations_case_id")),
    )
    op.create_table(
        "circular_receipts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("circular_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("read_at", UtcDateTime(), nullable=True),
        sa.Column("read_by_id", sa.Integer(), nullable=True),
        sa.Column("reminded_at", UtcDateTime(), nullable=True),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("self_check", sa.String(), nullable=False),
        sa.Column("measures", sa.String(), nullable=False),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["circular_id"], ["circulars.id"], name=op.f("fk_circular_receipts_circular_id")),
        sa.ForeignKeyConstraint(["read_by_id"], ["users.id"], name=op.f("fk_circular_receipts_read_by_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_circular_receipts_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_circular_receipts")),
        sa.UniqueConstraint("circular_id", "unit_id", name=op.f("uq_circular_receipts_circular_id_unit_id")),
    )
    op.create_table(
        "intel_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=True),
        sa.Column("source_type", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("reliability", sa.String(), nullable=False),
        sa.Column("first_hand", sa.Boolean(), nullable=False),
        sa.Column("outside_window", sa.Boolean(), nullable=False),
        sa.Column("selection_related", sa.Boolean(), nullable=False),
        sa.Column("concrete", sa.Boolean(), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["added_by_id"], ["users.id"], name=op.f("fk_intel_items_added_by_id")),
        sa.ForeignKeyConstraint(["case_id"], ["inspection_cases.id"], name=op.f("fk_intel_items_case_id")),
        sa.ForeignKeyConstraint(["request_id"], ["intel_requests.id"], name=op.f("fk_intel_items_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intel_items")),
    )
    with op.batch_alter_table("intel_items", schema=None) as batch_op:
        batch_op.create_index("ix_intel_items_case_source", ["case_id", "source_type"], unique=False)

    op.create_table(
        "lead_shares",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lead_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("receiver_role", sa.String(), nullable=False),
        sa.Column("receiver_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("shared_by_id", sa.Integer(), nullable=True),
        sa.Column("shared_at", UtcDateTime(), nullable=False),
        sa.Column("receipted_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["lead_id"], ["leads.id"], name=op.f("fk_lead_shares_lead_id")),
        sa.ForeignKeyConstraint(["receiver_id"], ["users.id"], name=op.f("fk_lead_shares_receiver_id")),
        sa.ForeignKeyConstraint(["shared_by_id"], ["users.id"], name=op.f("fk_lead_shares_shared_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lead_shares")),
    )
    with op.batch_alter_table("lead_shares", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lead_shares_lead_id"), ["lead_id"], unique=False)

    op.create_table(
        "team_members",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("duty", sa.String(), nullable=False),
        sa.Column("recusal_checked", sa.Boolean(), nullable=False),
        sa.Column("appraisal", sa.String(), nullable=False),
        sa.Column("appraisal_note", sa.String(), nullable=False),
        sa.Column("learning_note", sa.String(), nullable=False),
        sa.Column("appraised_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_team_members_team_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_team_members_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_members")),
        sa.UniqueConstraint("team_id", "user_id", name=op.f("uq_team_members_team_id_user_id")),
    )
    with op.batch_alter_table("team_members", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_team_members_user_id"), ["user_id"], unique=False)

    op.create_table(
        "training_attendances",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("attended", sa.Boolean(), nullable=False),
        sa.Column("attended_on", sa.Date(), nullable=True),
        sa.Column("scores_before", Json, nullable=False),
        sa.Column("scores_after", Json, nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["training_sessions.id"], name=op.f("fk_training_attendances_session_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_training_attendances_unit_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_training_attendances_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_attendances")),
        sa.UniqueConstraint("session_id", "user_id", name=op.f("uq_training_attendances_session_id_user_id")),
    )
    with op.batch_alter_table("training_attendances", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_training_attendances_unit_id"), ["unit_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_training_attendances_user_id"), ["user_id"], unique=False)

    op.create_table(
        "training_passes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("training_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("attended", sa.Boolean(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("make_ups", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["training_id"], ["mobilisation_trainings.id"], name=op.f("fk_training_passes_training_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_training_passes_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_passes")),
        sa.UniqueConstraint("training_id", "user_id", name=op.f("uq_training_passes_training_id_user_id")),
    )
    with op.batch_alter_table("training_passes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_training_passes_user_id"), ["user_id"], unique=False)

    op.create_table(
        "work_plans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("version_no", sa.Integer(), nullable=False),
        sa.Column("tasks", sa.String(), nullable=False),
        sa.Column("methods", sa.String(), nullable=False),
        sa.Column("requirements", sa.String(), nullable=False),
        sa.Column("schedule", Json, nullable=False),
        sa.Column("focus_sets", Json, nullable=False),
        sa.Column("checklist_delta", Json, nullable=False),
        sa.Column("analysis_id", sa.Integer(), nullable=True),
        sa.Column("entry_date", sa.Date(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("drafted_by_id", sa.Integer(), nullable=True),
        sa.Column("drafted_at", UtcDateTime(), nullable=False),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("approved_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["analysis_id"], ["analyses.id"], name=op.f("fk_work_plans_analysis_id")),
        sa.ForeignKeyConstraint(["approved_by_id"], ["users.id"], name=op.f("fk_work_plans_approved_by_id")),
        sa.ForeignKeyConstraint(["case_id"], ["inspection_cases.id"], name=op.f("fk_work_plans_case_id")),
        sa.ForeignKeyConstraint(["drafted_by_id"], ["users.id"], name=op.f("fk_work_plans_drafted_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_plans")),
        sa.UniqueConstraint("case_id", "version_no", name=op.f("uq_work_plans_case_id_version_no")),
    )
    op.create_table(
        "working_papers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("wp_no", sa.String(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("lead_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("phenomenon", sa.String(), nullable=False),
        sa.Column("qualification", sa.String(), nullable=False),
        sa.Column("responsibility", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("chain", sa.String(), nullable=False),
        sa.Column("evidence", Json, nullable=False),
        sa.Column("authors", Json, nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("drafted_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["inspection_cases.id"], name=op.f("fk_working_papers_case_id")),
        sa.ForeignKeyConstraint(["lead_id"], ["leads.id"], name=op.f("fk_working_papers_lead_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_working_papers")),
        sa.UniqueConstraint("wp_no", name=op.f("uq_working_papers_wp_no")),
    )
    with op.batch_alter_table("working_papers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_working_papers_case_id"), ["case_id"], unique=False)

    op.create_table(
        "findings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("finding_no", sa.String(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("wp_id", sa.Integer(), nullable=True),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("category_label", sa.String(), nullable=False),
        sa.Column("chain", sa.String(), nullable=False),
        sa.Column("severity", sa.String(), nullable=False),
        sa.Column("nature", sa.String(), nullable=False),
        sa.Column("rectify_type", sa.String(), nullable=False),
        sa.Column("violation_appointment", sa.Boolean(), nullable=False),
        sa.Column("is_typical", sa.Boolean(), nullable=False),
        sa.Column("recurrence_of_id", sa.Integer(), nullable=True),
        sa.Column("recurrence_count", sa.Integer(), nullable=False),
        sa.Column("watch", sa.Boolean(), nullable=False),
        sa.Column("clauses", Json, nullable=False),
        sa.Column("clause_reason", sa.String(), nullable=False),
        sa.Column("conduct_on", sa.Date(), nullable=True),
        sa.Column("opinion", sa.String(), nullable=False),
        sa.Column("root_cause", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("round_no", sa.Integer(), nullable=False),
        sa.Column("return_count", sa.Integer(), nullable=False),
        sa.Column("text_hash", sa.String(), nullable=False),
        sa.Column("effect", sa.String(), nullable=False),
        sa.Column("effect_grade", sa.String(), nullable=False),
        sa.Column("next_check_date", sa.Date(), nullable=True),
        sa.Column("closed_no", sa.String(), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("secrecy_level", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["inspection_cases.id"], name=op.f("fk_findings_case_id")),
        sa.ForeignKeyConstraint(["recurrence_of_id"], ["findings.id"], name=op.f("fk_findings_recurrence_of_id")),
        sa.ForeignKeyConstraint(["wp_id"], ["working_papers.id"], name=op.f("fk_findings_wp_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_findings")),
        sa.UniqueConstraint("finding_no", name=op.f("uq_findings_finding_no")),
    )
    with op.batch_alter_table("findings", schema=None) as batch_op:
        batch_op.create_index("ix_findings_case_status", ["case_id", "status"], unique=False)
        batch_op.create_index(batch_op.f("ix_findings_recurrence_of_id"), ["recurrence_of_id"], unique=False)

    op.create_table(
        "acknowledgements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.Column("comment", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("ruling", sa.String(), nullable=False),
        sa.Column("reply", sa.String(), nullable=False),
        sa.Column("ruled_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_acknowledgements_by_id")),
        sa.ForeignKeyConstraint(["finding_id"], ["findings.id"], name=op.f("fk_acknowledgements_finding_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_acknowledgements_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acknowledgements")),
    )
    with op.batch_alter_table("acknowledgements", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_acknowledgements_finding_id"), ["finding_id"], unique=False)

    op.create_table(
        "campaign_findings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["common_campaigns.id"], name=op.f("fk_campaign_findings_campaign_id")
        ),
        sa.ForeignKeyConstraint(["finding_id"], ["findings.id"], name=op.f("fk_campaign_findings_finding_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_findings")),
        sa.UniqueConstraint("campaign_id", "finding_id", name=op.f("uq_campaign_findings_campaign_id_finding_id")),
    )
    with op.batch_alter_table("campaign_findings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_campaign_findings_finding_id"), ["finding_id"], unique=False)

    op.create_table(
        "closure_records",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("closure_no", sa.String(), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=False),
        sa.Column("round_no", sa.Integer(), nullable=False),
        sa.Column("snapshot", Json, nullable=False),
        sa.Column("approver_id", sa.Integer(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("prev_hash", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["approver_id"], ["users.id"], name=op.f("fk_closure_records_approver_id")),
        sa.ForeignKeyConstraint(["finding_id"], ["findings.id"], name=op.f("fk_closure_records_finding_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closure_records")),
        sa.UniqueConstraint("closure_no", name=op.f("uq_closure_records_closure_no")),
    )
    with op.batch_alter_table("closure_records", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_closure_records_finding_id"), ["finding_id"], unique=False)

    op.create_table(
        "deadlines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject_no", sa.String(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("responsible_role", sa.String(), nullable=False),
        sa.Column("escalates", sa.Boolean(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("amount_unit", sa.String(), nullable=False),
        sa.Column("anchor_label", sa.String(), nullable=False),
        sa.Column("anchor_at", UtcDateTime(), nullable=False),
        sa.Column("calendar_version", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("is_provisional", sa.Boolean(), nullable=False),
        sa.Column("original_due_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("paused_since", UtcDateTime(), nullable=True),
        sa.Column("paused_days", sa.Integer(), nullable=False),
        sa.Column("extension_count", sa.Integer(), nullable=False),
        sa.Column("extension_asked", sa.Boolean(), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("met_at", UtcDateTime(), nullable=True),
        sa.Column("voided_at", UtcDateTime(), nullable=True),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("last_act_at", UtcDateTime(), nullable=True),
        sa.Column("unattended_alarm_at", UtcDateTime(), nullable=True),
        sa.Column("next_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["inspection_cases.id"], name=op.f("fk_deadlines_case_id")),
        sa.ForeignKeyConstraint(["finding_id"], ["findings.id"], name=op.f("fk_deadlines_finding_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_deadlines_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadlines")),
        sa.UniqueConstraint("subject_no", "rule", "seq", name=op.f("uq_deadlines_subject_no_rule_seq")),
    )
    with op.batch_alter_table("deadlines", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_deadlines_case_id"), ["case_id"], unique=False)
        batch_op.create_index("ix_deadlines_finding_rule", ["finding_id", "rule"], unique=False)
        batch_op.create_index("ix_deadlines_next_at", ["next_at"], unique=False)
        batch_op.create_index("ix_deadlines_open_due", ["met_at", "due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_deadlines_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "finding_persons",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("post", sa.String(), nullable=False),
        sa.Column("mgmt_level", sa.String(), nullable=False),
        sa.Column("responsibility", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["finding_id"], ["findings.id"], name=op.f("fk_finding_persons_finding_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding_persons")),
    )
    with op.batch_alter_table("finding_persons", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_finding_persons_finding_id"), ["finding_id"], unique=False)

    op.create_table(
        "history",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("chain_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor_name", sa.String(), nullable=False),
        sa.Column("on_behalf_of_id", sa.Integer(), nullable=True),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("finding_id", sa.Integer(), nullable=True),
        sa.Column("object_kind", sa.String(), nullable=False),
        sa.Column("object_id", sa.Integer(), nullable=True),
        sa.Column("denied", sa.Boolean(), nullable=False),
        sa.Column("summary", sa.String(), nullable=False),
        sa.Column("details", Json, nullable=False),
        sa.Column("prev_hash", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("fk_history_actor_id")),
        sa.ForeignKeyConstraint(["case_id"], ["inspection_cases.id"], name=op.f("fk_history_case_id")),
        sa.ForeignKeyConstraint(["chain_id"], ["history_chains.id"], name=op.f("fk_history_chain_id")),
        sa.ForeignKeyConstraint(["finding_id"], ["findings.id"], name=op.f("fk_history_finding_id")),
        sa.ForeignKeyConstraint(["on_behalf_of_id"], ["users.id"], name=op.f("fk_history_on_behalf_of_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_history")),
        sa.UniqueConstraint("chain_id", "seq", name=op.f("uq_history_chain_id_seq")),
    )
    with op.batch_alter_table("history", schema=None) as batch_op:
        batch_op.create_index("ix_history_actor_action", ["actor_id", "action"], unique=False)
        batch_op.create_index("ix_history_case_at", ["case_id", "at"], unique=False)
        batch_op.create_index(batch_op.f("ix_history_finding_id"), ["finding_id"], unique=False)
        batch_op.create_index("ix_history_object", ["object_kind", "object_id"], unique=False)

    op.create_table(
        "institution_causes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("doc_id", sa.Integer(), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["doc_id"], ["institution_docs.id"], name=op.f("fk_institution_causes_doc_id")),
        sa.ForeignKeyConstraint(["finding_id"], ["findings.id"], name=op.f("fk_institution_causes_finding_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_institution_causes")),
        sa.UniqueConstraint("doc_id", "finding_id", name=op.f("uq_institution_causes_doc_id_finding_id")),
    )
    with op.batch_alter_table("institution_causes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_institution_causes_finding_id"), ["finding_id"], unique=False)

    op.create_table(
        "measures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=True),
        sa.Column("round_no", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("goal", sa.String(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("kinds", Json, nullable=False),
        sa.Column("leader", sa.String(), nullable=False),
        sa.Column("department", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("partner", sa.String(), nullable=False),
        sa.Column("due_date", sa.Date(), nullable=False),
        sa.Column("completion", sa.String(), nullable=False),
        sa.Column("progress", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("institutions_n", sa.Integer(), nullable=False),
        sa.Column("persons_n", sa.Integer(), nullable=False),
        sa.Column("amount_wan", sa.Double(), nullable=False),
        sa.Column("document_ref", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["finding_id"], ["findings.id"], name=op.f("fk_measures_finding_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["rectification_plans.id"], name=op.f("fk_measures_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measures")),
        sa.UniqueConstraint("finding_id", "round_no", "seq", name=op.f("uq_measures_finding_id_round_no_seq")),
    )
    op.create_table(
        "prior_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("wp_no", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=True),
        sa.Column("prior_finding_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("explanation", Json, nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_prior_links_by_id")),
        sa.ForeignKeyConstraint(["case_id"], ["inspection_cases.id"], name=op.f("fk_prior_links_case_id")),
        sa.ForeignKeyConstraint(["finding_id"], ["findings.id"], name=op.f("fk_prior_links_finding_id")),
        sa.ForeignKeyConstraint(["prior_finding_id"], ["findings.id"], name=op.f("fk_prior_links_prior_finding_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prior_links")),
        sa.UniqueConstraint("case_id", "prior_finding_id", name=op.f("uq_prior_links_case_id_prior_finding_id")),
    )
    with op.batch_alter_table("prior_links", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_prior_links_finding_id"), ["finding_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_prior_links_prior_finding_id"), ["prior_finding_id"], unique=False)

    op.create_table(
        "process_instances",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("process_id", sa.String(), nullable=False),
        sa.Column("model_digest", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("finding_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("started_by_id", sa.Integer(), nullable=True),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("timer_count", sa.Integer(), nullable=False),
        sa.Column("wait_count", sa.Integer(), nullable=False),
        sa.Column("state", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["inspection_cases.id"], name=op.f("fk_process_instances_case_id")),
        sa.ForeignKeyConstraint(["finding_id"], ["findings.id"], name=op.f("fk_process_instances_finding_id")),
        sa.ForeignKeyConstraint(["started_by_id"], ["users.id"], name=op.f("fk_process_instances_started_by_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_process_instances_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_process_instances")),
    )
    with op.batch_alter_table("process_instances", schema=None) as batch_op:
        batch_op.create_index("ix_process_instances_case", ["case_id", "process_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_process_instances_finding_id"), ["finding_id"], unique=False)
        batch_op.create_index("ix_process_instances_key", ["key", "status"], unique=False)
        batch_op.create_index(batch_op.f("ix_process_instances_started_by_id"), ["started_by_id"], unique=False)

    op.create_table(
        "referrals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref_no", sa.String(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("track", sa.String(), nullable=False),
        sa.Column("trigger", sa.String(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("evidence", sa.String(), nullable=False),
        sa.Column("conclusion", sa.String(), nullable=False),
        sa.Column("recommended_form", sa.String(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("authority", sa.String(), nullable=False),
        sa.Column("persons", Json, nullable=False),
        sa.Column("hearing_record", sa.String(), nullable=False),
        sa.Column("decision", sa.String(), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("executed_on", sa.Date(), nullable=True),
        sa.Column("influence_from", sa.Date(), nullable=True),
        sa.Column("influence_to", sa.Date(), nullable=True),
        sa.Column("transfer_ref", sa.String(), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("facts", Json, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["inspection_cases.id"], name=op.f("fk_referrals_case_id")),
        sa.ForeignKeyConstraint(["finding_id"], ["findings.id"], name=op.f("fk_referrals_finding_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["referrals.id"], name=op.f("fk_referrals_parent_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_referrals_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referrals")),
        sa.UniqueConstraint("ref_no", name=op.f("uq_referrals_ref_no")),
    )
    with op.batch_alter_table("referrals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_referrals_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_referrals_finding_id"), ["finding_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_referrals_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "revisit_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revisit_id", sa.Integer(), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=False),
        sa.Column("result", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("new_requirement", sa.String(), nullable=False),
        sa.Column("new_due_date", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["finding_id"], ["findings.id"], name=op.f("fk_revisit_items_finding_id")),
        sa.ForeignKeyConstraint(["revisit_id"], ["revisits.id"], name=op.f("fk_revisit_items_revisit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revisit_items")),
        sa.UniqueConstraint("revisit_id", "finding_id", name=op.f("uq_revisit_items_revisit_id_finding_id")),
    )
    with op.batch_alter_table("revisit_items", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_revisit_items_finding_id"), ["finding_id"], unique=False)

    op.create_table(
        "verifications",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=False),
        sa.Column("round_no", sa.Integer(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("parties", Json, nullable=False),
        sa.Column("checked", sa.String(), nullable=False),
        sa.Column("result", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("false_rectify", sa.Boolean(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_verifications_by_id")),
        sa.ForeignKeyConstraint(["finding_id"], ["findings.id"], name=op.f("fk_verifications_finding_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verifications")),
    )
    with op.batch_alter_table("verifications", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_verifications_finding_id"), ["finding_id"], unique=False)

    op.create_table(
        "appeals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("referral_id", sa.Integer(), nullable=False),
        sa.Column("filed_at", UtcDateTime(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("result", sa.String(), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["referral_id"], ["referrals.id"], name=op.f("fk_appeals_referral_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeals")),
    )
    with op.batch_alter_table("appeals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_appeals_referral_id"), ["referral_id"], unique=False)

    op.create_table(
        "deadline_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("deadline_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("calendar_version", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("facts", Json, nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_deadline_changes_by_id")),
        sa.ForeignKeyConstraint(["deadline_id"], ["deadlines.id"], name=op.f("fk_deadline_changes_deadline_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline_changes")),
    )
    with op.batch_alter_table("deadline_changes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_deadline_changes_deadline_id"), ["deadline_id"], unique=False)

    op.create_table(
        "deadline_forecasts",
        sa.Column("deadline_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("probability", sa.Double(), nullable=False),
        sa.Column("reasons", Json, nullable=False),
        sa.ForeignKeyConstraint(["deadline_id"], ["deadlines.id"], name=op.f("fk_deadline_forecasts_deadline_id")),
        sa.ForeignKeyConstraint(
            ["version"], ["forecast_versions.number"], name=op.f("fk_deadline_forecasts_version")
        ),
        sa.PrimaryKeyConstraint("deadline_id", name=op.f("pk_deadline_forecasts")),
    )
    with op.batch_alter_table("deadline_forecasts", schema=None) as batch_op:
        batch_op.create_index("ix_deadline_forecasts_probability", ["probability"], unique=False)

    op.create_table(
        "decisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("instance_id", sa.Integer(), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=True),
        sa.Column("element", sa.String(), nullable=False),
        sa.Column("decision", sa.String(), nullable=False),
        sa.Column("model_digest", sa.String(), nullable=False),
        sa.Column("inputs", Json, nullable=False),
        sa.Column("matched", Json, nullable=False),
        sa.Column("outputs", Json, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["finding_id"], ["findings.id"], name=op.f("fk_decisions_finding_id")),
        sa.ForeignKeyConstraint(["instance_id"], ["process_instances.id"], name=op.f("fk_decisions_instance_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
    )
    with op.batch_alter_table("decisions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_decisions_finding_id"), ["finding_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_decisions_instance_id"), ["instance_id"], unique=False)

    op.create_table(
        "extension_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("deadline_id", sa.Integer(), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=True),
        sa.Column("nth", sa.Integer(), nullable=False),
        sa.Column("old_due_at", UtcDateTime(), nullable=False),
        sa.Column("new_due_at", UtcDateTime(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("requested_by_id", sa.Integer(), nullable=False),
        sa.Column("requested_at", UtcDateTime(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("decision_note", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["deadline_id"], ["deadlines.id"], name=op.f("fk_extension_requests_deadline_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["users.id"], name=op.f("fk_extension_requests_decided_by_id")),
        sa.ForeignKeyConstraint(["finding_id"], ["findings.id"], name=op.f("fk_extension_requests_finding_id")),
        sa.ForeignKeyConstraint(
            ["requested_by_id"], ["users.id"], name=op.f("fk_extension_requests_requested_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extension_requests")),
    )
    with op.batch_alter_table("extension_requests", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_extension_requests_deadline_id"), ["deadline_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_extension_requests_finding_id"), ["finding_id"], unique=False)

    op.create_table(
        "incidents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("instance_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("element", sa.String(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("retries", sa.Integer(), nullable=False),
        sa.Column("resolved_at", UtcDateTime(), nullable=True),
        sa.Column("resolved_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["instance_id"], ["process_instances.id"], name=op.f("fk_incidents_instance_id")),
        sa.ForeignKeyConstraint(["resolved_by_id"], ["users.id"], name=op.f("fk_incidents_resolved_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incidents")),
    )
    with op.batch_alter_table("incidents", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_incidents_instance_id"), ["instance_id"], unique=False)

    op.create_table(
        "letters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("letter_no", sa.String(), nullable=False),
        sa.Column("deadline_id", sa.Integer(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("rule_at", UtcDateTime(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=False),
        sa.Column("superseded", sa.Boolean(), nullable=False),
        sa.Column("recipients", Json, nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=True),
        sa.Column("received_by_id", sa.Integer(), nullable=True),
        sa.Column("reminded_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["deadline_id"], ["deadlines.id"], name=op.f("fk_letters_deadline_id")),
        sa.ForeignKeyConstraint(["received_by_id"], ["users.id"], name=op.f("fk_letters_received_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letters")),
        sa.UniqueConstraint("deadline_id", "due_at", "kind", name=op.f("uq_letters_deadline_id_due_at_kind")),
        sa.UniqueConstraint("letter_no", name=op.f("uq_letters_letter_no")),
    )
    with op.batch_alter_table("letters", schema=None) as batch_op:
        batch_op.create_index("ix_letters_sent_at", ["sent_at"], unique=False)

    op.create_table(
        "message_waits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("instance_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["instance_id"], ["process_instances.id"], name=op.f("fk_message_waits_instance_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_waits")),
        sa.UniqueConstraint("instance_id", "name", name=op.f("uq_message_waits_instance_id_name")),
    )
    with op.batch_alter_table("message_waits", schema=None) as batch_op:
        batch_op.create_index("ix_message_waits_name_key", ["name", "key"], unique=False)

    op.create_table(
        "messages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("payload", Json, nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("finding_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("sender_id", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=False),
        sa.Column("next_at", UtcDateTime(), nullable=False),
        sa.Column("delivered_at", UtcDateTime(), nullable=True),
        sa.Column("last_error", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["inspection_cases.id"], name=op.f("fk_messages_case_id")),
        sa.ForeignKeyConstraint(["finding_id"], ["findings.id"], name=op.f("fk_messages_finding_id")),
        sa.ForeignKeyConstraint(["sender_id"], ["process_instances.id"], name=op.f("fk_messages_sender_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_messages_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
    )
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.create_index("ix_messages_name_key", ["name", "key", "status"], unique=False)
        batch_op.create_index("ix_messages_pending", ["status", "next_at"], unique=False)

    op.create_table(
        "progress_reports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("measure_id", sa.Integer(), nullable=True),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_progress_reports_by_id")),
        sa.ForeignKeyConstraint(["case_id"], ["inspection_cases.id"], name=op.f("fk_progress_reports_case_id")),
        sa.ForeignKeyConstraint(["measure_id"], ["measures.id"], name=op.f("fk_progress_reports_measure_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_progress_reports")),
    )
    with op.batch_alter_table("progress_reports", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_progress_reports_case_id"), ["case_id"], unique=False)

    op.create_table(
        "supervision_notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("notice_no", sa.String(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=True),
        sa.Column("deadline_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("colour", sa.String(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("rule_at", UtcDateTime(), nullable=False),
        sa.Column("issued_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=True),
        sa.Column("received_at", UtcDateTime(), nullable=True),
        sa.Column("received_by_id", sa.Integer(), nullable=True),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("reminded_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["inspection_cases.id"], name=op.f("fk_supervision_notices_case_id")),
        sa.ForeignKeyConstraint(["deadline_id"], ["deadlines.id"], name=op.f("fk_supervision_notices_deadline_id")),
        sa.ForeignKeyConstraint(["finding_id"], ["findings.id"], name=op.f("fk_supervision_notices_finding_id")),
        sa.ForeignKeyConstraint(["received_by_id"], ["users.id"], name=op.f("fk_supervision_notices_received_by_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_supervision_notices_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision_notices")),
        sa.UniqueConstraint("notice_no", name=op.f("uq_supervision_notices_notice_no")),
    )
    with op.batch_alter_table("supervision_notices", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_supervision_notices_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_supervision_notices_deadline_id"), ["deadline_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_supervision_notices_finding_id"), ["finding_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_supervision_notices_issued_at"), ["issued_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_supervision_notices_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "target_proposals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("instance_id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("points", Json, nullable=False),
        sa.Column("facts", Json, nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("verdict_reason", sa.String(), nullable=False),
        sa.Column("included", sa.Boolean(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("weighed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["process_instances.id"], name=op.f("fk_target_proposals_instance_id")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["inspection_rounds.id"], name=op.f("fk_target_proposals_round_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_target_proposals_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target_proposals")),
        sa.UniqueConstraint("instance_id", "unit_id", name=op.f("uq_target_proposals_instance_id_unit_id")),
    )
    with op.batch_alter_table("target_proposals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_target_proposals_round_id"), ["round_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_target_proposals_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "tasks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("instance_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("approvals_due", sa.Integer(), nullable=False),
        sa.Column("process_id", sa.String(), nullable=False),
        sa.Column("element", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("finding_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("deadline_id", sa.Integer(), nullable=True),
        sa.Column("due_at", UtcDateTime(), nullable=True),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("assignee_id", sa.Integer(), nullable=True),
        sa.Column("claimed_at", UtcDateTime(), nullable=True),
        sa.Column("done_at", UtcDateTime(), nullable=True),
        sa.Column("done_by_id", sa.Integer(), nullable=True),
        sa.Column("request_id", sa.String(), nullable=True),
        sa.Column("context", Json, nullable=False),
        sa.Column("answer", Json, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["assignee_id"], ["users.id"], name=op.f("fk_tasks_assignee_id")),
        sa.ForeignKeyConstraint(["case_id"], ["inspection_cases.id"], name=op.f("fk_tasks_case_id")),
        sa.ForeignKeyConstraint(["deadline_id"], ["deadlines.id"], name=op.f("fk_tasks_deadline_id")),
        sa.ForeignKeyConstraint(["done_by_id"], ["users.id"], name=op.f("fk_tasks_done_by_id")),
        sa.ForeignKeyConstraint(["finding_id"], ["findings.id"], name=op.f("fk_tasks_finding_id")),
        sa.ForeignKeyConstraint(["instance_id"], ["process_instances.id"], name=op.f("fk_tasks_instance_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name=op.f("fk_tasks_owner_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["tasks.id"], name=op.f("fk_tasks_parent_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_tasks_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
        sa.UniqueConstraint("instance_id", "key", name=op.f("uq_tasks_instance_id_key")),
        sa.UniqueConstraint("request_id", name=op.f("uq_tasks_request_id")),
    )
    with op.batch_alter_table("tasks", schema=None) as batch_op:
        batch_op.create_index("ix_tasks_assignee", ["status", "assignee_id"], unique=False)
        batch_op.create_index("ix_tasks_case", ["case_id", "status"], unique=False)
        batch_op.create_index("ix_tasks_done_by", ["done_by_id", "done_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_tasks_finding_id"), ["finding_id"], unique=False)
        batch_op.create_index("ix_tasks_inbox", ["status", "role", "unit_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_tasks_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "timers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("instance_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("element", sa.String(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("state", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_token", sa.String(), nullable=True),
        sa.Column("lease_until", UtcDateTime(), nullable=True),
        sa.Column("fired_at", UtcDateTime(), nullable=True),
        sa.Column("last_error", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["instance_id"], ["process_instances.id"], name=op.f("fk_timers_instance_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_timers")),
        sa.UniqueConstraint("instance_id", "key", name=op.f("uq_timers_instance_id_key")),
    )
    with op.batch_alter_table("timers", schema=None) as batch_op:
        batch_op.create_index(
            "ix_timers_due",
            ["due_at"],
            unique=False,
            sqlite_where=sa.text("state = 0"),
            postgresql_where=sa.text("state = 0"),
        )

    op.create_table(
        "admonition_talks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("talk_no", sa.String(), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("talker", sa.String(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("record", sa.String(), nullable=False),
        sa.Column("commitment", sa.String(), nullable=False),
        sa.Column("follow_up_due", sa.Date(), nullable=True),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["supervision_notices.id"], name=op.f("fk_admonition_talks_notice_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_admonition_talks")),
        sa.UniqueConstraint("talk_no", name=op.f("uq_admonition_talks_talk_no")),
    )
    with op.batch_alter_table("admonition_talks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_admonition_talks_notice_id"), ["notice_id"], unique=False)

    op.create_table(
        "attachments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("version_no", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("finding_id", sa.Integer(), nullable=True),
        sa.Column("measure_id", sa.Integer(), nullable=True),
        sa.Column("task_id", sa.Integer(), nullable=True),
        sa.Column("uploaded_by_id", sa.Integer(), nullable=False),
        sa.Column("uploaded_at", UtcDateTime(), nullable=False),
        sa.Column("voided_at", UtcDateTime(), nullable=True),
        sa.Column("void_reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["inspection_cases.id"], name=op.f("fk_attachments_case_id")),
        sa.ForeignKeyConstraint(["finding_id"], ["findings.id"], name=op.f("fk_attachments_finding_id")),
        sa.ForeignKeyConstraint(["measure_id"], ["measures.id"], name=op.f("fk_attachments_measure_id")),
        sa.ForeignKeyConstraint(["sha256"], ["stored_files.sha256"], name=op.f("fk_attachments_sha256")),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_attachments_task_id")),
        sa.ForeignKeyConstraint(["uploaded_by_id"], ["users.id"], name=op.f("fk_attachments_uploaded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
    )
    with op.batch_alter_table("attachments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attachments_case_id"), ["case_id"], unique=False)
        batch_op.create_index("ix_attachments_finding", ["finding_id", "name"], unique=False)
        batch_op.create_index(batch_op.f("ix_attachments_task_id"), ["task_id"], unique=False)

    op.create_table(
        "comments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_comments_by_id")),
        sa.ForeignKeyConstraint(["case_id"], ["inspection_cases.id"], name=op.f("fk_comments_case_id")),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_comments_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comments")),
    )
    with op.batch_alter_table("comments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_comments_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_comments_task_id"), ["task_id"], unique=False)

    op.create_table(
        "countersignings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("round_no", sa.Integer(), nullable=False),
        sa.Column("needed", sa.Integer(), nullable=False),
        sa.Column("veto", sa.Boolean(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["asked_by_id"], ["users.id"], name=op.f("fk_countersignings_asked_by_id")),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_countersignings_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_countersignings")),
        sa.UniqueConstraint("task_id", name=op.f("uq_countersignings_task_id")),
    )
    op.create_table(
        "drafts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("answer", Json, nullable=False),
        sa.Column("saved_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_drafts_task_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_drafts_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drafts")),
        sa.UniqueConstraint("task_id", "user_id", name=op.f("uq_drafts_task_id_user_id")),
    )
    op.create_table(
        "notifications",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("finding_id", sa.Integer(), nullable=True),
        sa.Column("task_id", sa.Integer(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("read_at", UtcDateTime(), nullable=True),
        sa.Column("digest_on", sa.Date(), nullable=True),
        sa.Column("digest_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["inspection_cases.id"], name=op.f("fk_notifications_case_id")),
        sa.ForeignKeyConstraint(["digest_id"], ["digests.id"], name=op.f("fk_notifications_digest_id")),
        sa.ForeignKeyConstraint(["finding_id"], ["findings.id"], name=op.f("fk_notifications_finding_id")),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_notifications_task_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_notifications_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notifications")),
    )
    with op.batch_alter_table("notifications", schema=None) as batch_op:
        batch_op.create_index(
            "ix_notifications_digest",
            ["digest_on"],
            unique=False,
            sqlite_where=sa.text("digest_on IS NOT NULL AND digest_id IS NULL"),
            postgresql_where=sa.text("digest_on IS NOT NULL AND digest_id IS NULL"),
        )
        batch_op.create_index("ix_notifications_user_read", ["user_id", "read_at"], unique=False)

    op.create_table(
        "nudges",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_nudges_by_id")),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_nudges_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nudges")),
        sa.UniqueConstraint("task_id", "day", name=op.f("uq_nudges_task_id_day")),
    )
    op.create_table(
        "snoozes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_snoozes_task_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_snoozes_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snoozes")),
        sa.UniqueConstraint("task_id", "user_id", name=op.f("uq_snoozes_task_id_user_id")),
    )
    with op.batch_alter_table("snoozes", schema=None) as batch_op:
        batch_op.create_index("ix_snoozes_user_until", ["user_id", "until"], unique=False)
