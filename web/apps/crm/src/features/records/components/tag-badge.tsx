/** A tag as it looks everywhere. Its colour is a mark beside the name, which keeps its contrast. */
import type { components } from '@abetworks/api-crm';
import { Badge } from '@mantine/core';

export type Colour = components['schemas']['Colour'];

interface TagBadgeProps {
  name: string;
  colour: Colour;
}

export function TagBadge({ name, colour }: TagBadgeProps) {
  return (
    <Badge
      component="span"
      variant="dot"
      color={colour}
      bg={`var(--mantine-color-${colour}-light)`}
      radius="sm"
      tt="none"
      fw={500}
    >
      {name}
    </Badge>
  );
}
