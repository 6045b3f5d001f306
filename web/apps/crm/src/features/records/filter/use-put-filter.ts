/** Puts another filter into the address, in the place of the one that is there. */
import { useNavigate } from '@tanstack/react-router';
import type { ListFilter } from './filter';

export function usePutFilter() {
  const navigate = useNavigate();
  return (filter: ListFilter | undefined) =>
    void navigate({
      to: '.',
      replace: true,
      search: (search: object) => ({ ...search, filter }),
    });
}
