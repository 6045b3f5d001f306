/** A new record that refers to the one that is looked at. */
import { useTranslation } from 'react-i18next';
import { CreateForm } from '../components/create-form';
import { RecordDrawer } from '../components/record-drawer';
import { type CrmRecord, type ObjectDescription, titleOf } from '../description';
import { presetOf, type Relation } from '../relations';
import { useObjectWords, useText } from '../use-objects';

interface RelatedDrawerProps {
  relation: Relation;
  object: ObjectDescription;
  record: CrmRecord;
  onClose: () => void;
}

export function RelatedDrawer({ relation, object, record, onClose }: RelatedDrawerProps) {
  const { t } = useTranslation('crm');
  const text = useText();
  const words = useObjectWords(relation.object);
  const name = titleOf(object, record);
  return (
    <RecordDrawer title={words.bent('new')} onClose={onClose}>
      <CreateForm
        object={relation.object}
        preset={presetOf(relation, object, record.id)}
        about={t('related.preset', { field: text(relation.field.label), name })}
        onCreated={onClose}
        onCancel={onClose}
      />
    </RecordDrawer>
  );
}
