/** The sign of an object, the same wherever it is named. */
import {
  IconAddressBook,
  IconBuilding,
  IconChecklist,
  IconStack2,
  IconTargetArrow,
  IconTrendingUp,
} from '@tabler/icons-react';

const ICONS = {
  account: IconBuilding,
  contact: IconAddressBook,
  lead: IconTargetArrow,
  opportunity: IconTrendingUp,
  task: IconChecklist,
};

interface ObjectIconProps {
  name: string;
  size?: number;
}

export function ObjectIcon({ name, size = 24 }: ObjectIconProps) {
  const Icon = ICONS[name as keyof typeof ICONS] ?? IconStack2;
  return <Icon size={size} aria-hidden />;
}
