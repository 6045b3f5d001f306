-- An organisation under load. Bytes that stand for a session's random ones are derived from its person's id.
INSERT INTO crm_teams (id, name, parent_id)
    SELECT md5('team ' || n)::uuid, 'Team ' || n, CASE WHEN n % 4 <> 0 THEN md5('team ' || n - n % 4)::uuid END
    FROM generate_series(0, 19) AS n;
INSERT INTO app_user (id, email, name)
    SELECT md5('user ' || n)::uuid, 'user' || n || '@example.com', 'User ' || n FROM generate_series(0, 204) AS n;
-- All with a password: that of the person who was seeded.
UPDATE app_user SET password_hash = (SELECT max(password_hash) FROM app_user);
-- The first hundred lead a team with three below it, the others are in one of those.
INSERT INTO crm_team_members (team_id, user_id, is_primary)
    SELECT md5('team ' || CASE WHEN n < 100 THEN n % 5 * 4 ELSE n % 5 * 4 + 1 + n % 3 END)::uuid, md5('user ' || n)::uuid, true
    FROM generate_series(0, 199) AS n;
INSERT INTO crm_roles (id, name) VALUES
    (md5('role teams')::uuid, 'Teams'), (md5('role own')::uuid, 'Own'), (md5('role second')::uuid, 'Second'),
    (md5('role all')::uuid, 'All');
INSERT INTO crm_role_permissions (role_id, permission_id, level)
    SELECT md5('role ' || role)::uuid, id, level FROM crm_permissions,
        (VALUES ('teams', 3), ('own', 1), ('second', 1), ('all', 4)) AS given (role, level)
    WHERE object = 'lead' AND (action = 'read' OR role = 'all' AND action IN ('create', 'update'));
INSERT INTO crm_user_roles (user_id, role_id)
    SELECT md5('user ' || n)::uuid, md5('role ' || CASE WHEN n < 100 THEN 'teams' WHEN n < 200 THEN 'own' ELSE 'all' END)::uuid
    FROM generate_series(0, 204) AS n
    UNION ALL
    SELECT md5('user ' || n)::uuid, md5('role second')::uuid FROM generate_series(100, 199) AS n;
INSERT INTO session (id, token_hash, user_id, expires_at, user_agent)
    SELECT gen_random_uuid(), sha256(sha256(('bench ' || md5('user ' || n)::uuid)::bytea)), md5('user ' || n)::uuid,
           now() + interval '1 day', CASE WHEN n < 100 THEN 'teams' WHEN n < 200 THEN 'own' ELSE 'all' END
    FROM generate_series(0, 204) AS n;
INSERT INTO lead (id, first_name, last_name, company, job_title, email, phone, website, status, source, value,
                  value_currency, value_base, description, street, postal_code, city, country, owner_id, team_id,
                  created_at, updated_at)
    SELECT md5('lead ' || n)::uuid, (ARRAY['Ada', 'Ben', 'Cem', 'Dana', 'Eva', 'Finn'])[1 + n % 6],
           (ARRAY['Meyer', 'Schulz', 'Yilmaz', 'Novak', 'Rossi', 'Silva', 'Dubois'])[1 + n % 7] || ' ' || n,
           'Company ' || n % 5000, 'Buyer', 'lead' || n || '@example.com', '+49 30 ' || 100000 + n,
           'https://example.com/' || n, (ARRAY['new', 'working', 'qualified', 'unqualified'])[1 + n % 4],
           (ARRAY['website', 'referral', 'event'])[1 + n % 3], n % 9000, 'EUR', n % 9000, 'Lead number ' || n,
           'Street ' || n % 100, '10115', 'Berlin', 'Germany', md5('user ' || abs(hashint4(n)) % 200)::uuid,
           md5('team ' || abs(hashint4(n + 7)) % 20)::uuid, at, at
    FROM generate_series(1, $leads) AS n, LATERAL (SELECT now() - n * interval '5 minutes' AS at) AS moment;
-- A hundredth of all leads is shared with each of those who see their own.
INSERT INTO record_share (id, object, record_id, user_id)
    SELECT gen_random_uuid(), 'lead', md5('lead ' || 1 + (n * 97 + person * 13) % $leads)::uuid, md5('user ' || person)::uuid
    FROM generate_series(1, $leads / 100) AS n, generate_series(100, 199) AS person
    ON CONFLICT DO NOTHING;
-- Thirty custom fields in use, of which two have an index: `c_rank` in an order of its own, `c_kind` of five choices.
DO $$
DECLARE
    kinds CONSTANT text[] := ARRAY['integer', 'pick', 'text', 'date', 'boolean', 'decimal'];
    options CONSTANT jsonb := (SELECT jsonb_agg(jsonb_build_object('key', key, 'label', jsonb_build_object('en', key, 'de', key)))
                               FROM unnest(ARRAY['a', 'b', 'c', 'd', 'e']) AS key);
    assignments text[];
    field_column text;
    kind text;
    scale smallint;
    made text;
BEGIN
    FOR n IN 1..30 LOOP
        field_column := 'c_' || lpad(to_hex(n), 8, '0');
        kind := kinds[1 + (n - 1) % 6];
        scale := CASE kind WHEN 'decimal' THEN 2 END;
        INSERT INTO custom_field (id, object, name, column_name, type, label_en, label_de, options, scale, section,
                                  position, created_at, updated_at)
        VALUES (md5('field ' || n)::uuid, 'lead', CASE n WHEN 1 THEN 'c_rank' WHEN 2 THEN 'c_kind' ELSE 'c_field_' || n END,
                field_column, kind, 'Field ' || n, 'Feld ' || n, CASE kind WHEN 'pick' THEN options ELSE '[]' END, scale,
                'details', n, now(), now());
        PERFORM custom_field_add_columns('lead', field_column, kind, scale, NULL);
        assignments := assignments || format('%I = %s', field_column, CASE kind
            WHEN 'integer' THEN format('abs(hashtext(id::text || %s)) %% 100000', n)
            WHEN 'pick' THEN format('(ARRAY[''a'', ''b'', ''c'', ''d'', ''e''])[1 + abs(hashtext(id::text || %s)) %% 5]', n)
            WHEN 'text' THEN '''Text '' || last_name'
            WHEN 'date' THEN 'created_at::date'
            WHEN 'boolean' THEN 'value > 4500'
            ELSE 'value / 7' END);
    END LOOP;
    EXECUTE 'UPDATE lead SET ' || array_to_string(assignments, ', ');
    INSERT INTO crm_permissions (object, field) SELECT object, name FROM custom_field;
    -- So many rows are for a Job of the operator's: what it would make.
    FOR made IN SELECT statement FROM custom_field_indexes('lead', 'c_00000001', 'integer', 'order', false)
                UNION ALL SELECT statement FROM custom_field_indexes('lead', 'c_00000002', 'pick', 'order', false) LOOP
        EXECUTE made;
    END LOOP;
    UPDATE custom_field SET indexed = true WHERE name IN ('c_rank', 'c_kind');
END $$;
