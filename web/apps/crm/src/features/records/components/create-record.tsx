/** A new record, over the list. */
import type { ObjectDescription } from '../description';
import { useObjectWords } from '../use-objects';
import { CreateForm } from './create-form';
import { RecordDrawer, useToList } from './record-drawer';

export function CreateRecord({ object }: { object: ObjectDescription }) {
  const words = useObjectWords(object);
  const close = useToList(object.path);
  return (
    <RecordDrawer title={words.bent('new')} onClose={close}>
      <CreateForm object={object} onCreated={close} onCancel={close} />
    </RecordDrawer>
  );
}
