-- Erasing a contact takes it out of the history of the opportunities that it took part in, and leaves the rest of it.

-- What an erasing left of a change has a salt and a hash of its own, which an entry of the audit log names: what is left
-- is still covered by the chain.
ALTER TABLE record_change ADD COLUMN partly_erased boolean NOT NULL DEFAULT false;

-- Contacts may have taken part long ago: their changes are found by whom they name.
CREATE INDEX record_change_participants ON record_change USING gin ((changes -> 'contacts') jsonb_path_ops)
    WHERE object = 'opportunity' AND changes ? 'contacts';

DO $$
DECLARE
    app text := current_schema() || '_app';
    path text := format('pg_catalog, %I, extensions, pg_temp', current_schema());
BEGIN
    -- Gives what it left, with its hash. Each of them must be named by an entry of the audit log about its record, under
    -- `left` in the details, or the verifier reports a value that differs.
    EXECUTE format($f$
        CREATE FUNCTION erase_participant(erased_id uuid)
        RETURNS TABLE (opportunity_id uuid, change_id uuid, hash text)
        LANGUAGE sql SECURITY DEFINER SET search_path = %s AS $b$
            WITH side AS (
                SELECT change.id, side.key, coalesce(jsonb_agg(entry.value ORDER BY entry.place)
                    FILTER (WHERE entry.value ->> 'contact_id' <> erased_id::text), 'null') AS others
                FROM record_change AS change, jsonb_each(change.changes -> 'contacts') AS side
                LEFT JOIN LATERAL jsonb_array_elements(
                    CASE jsonb_typeof(side.value) WHEN 'array' THEN side.value ELSE '[]' END
                ) WITH ORDINALITY AS entry (value, place) ON true
                WHERE change.object = 'opportunity' AND change.changes ? 'contacts'
                    AND (change.changes -> 'contacts' @> jsonb_build_object('old', jsonb_build_array(
                             jsonb_build_object('contact_id', erased_id)))
                         OR change.changes -> 'contacts' @> jsonb_build_object('new', jsonb_build_array(
                             jsonb_build_object('contact_id', erased_id))))
                GROUP BY change.id, side.key
            ), kept AS (
                SELECT id, jsonb_object_agg(key, others) AS contacts FROM side GROUP BY id
            )
            UPDATE record_change AS change
            SET changes = jsonb_set(change.changes, '{contacts}', kept.contacts), partly_erased = true,
                salt = uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())
            FROM kept WHERE kept.id = change.id
            RETURNING change.record_id, change.id,
                encode(sha256(change.salt || convert_to(change.changes::text, 'UTF8')), 'hex')
        $b$ $f$, path);
    REVOKE ALL ON FUNCTION erase_participant(uuid) FROM PUBLIC;
    EXECUTE format('GRANT EXECUTE ON FUNCTION erase_participant(uuid) TO %I', app);
END $$;
